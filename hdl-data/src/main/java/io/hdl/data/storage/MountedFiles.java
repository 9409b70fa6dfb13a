package io.hdl.data.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.LocalObjectStore;
import io.hdl.core.storage.ObjectStore;
import io.hdl.core.storage.ObjectStore.Stat;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A part of the lake that is mounted on this machine. Holds nothing open. */
final class MountedFiles implements LakeFiles {
  private final ObjectStore local = new LocalObjectStore();
  private final StorageMounts mounts;

  MountedFiles(StorageMounts mounts) {
    this.mounts = mounts;
  }

  @Override
  public Optional<Stat> stat(LakeAddress file) {
    return local.stat(path(file)).map(stat -> at(file, stat));
  }

  @Override
  public List<Stat> list(LakeAddress folder, String firstName) {
    return local.list(path(folder)).stream()
        .filter(stat -> name(stat).compareTo(firstName) >= 0)
        .map(stat -> at(folder.resolve(name(stat)), stat))
        .toList();
  }

  @Override
  public InputStream read(LakeAddress file, long offset, long length) {
    return local.read(path(file), offset, length);
  }

  @Override
  public Stat publish(Path source, LakeAddress target) {
    return at(target, local.publish(source, path(target)));
  }

  @Override
  public void delete(LakeAddress file) {
    local.delete(path(file));
  }

  @Override
  public void close() {
    local.close();
  }

  private URI path(LakeAddress address) {
    return mounts
        .path(address)
        .orElseThrow(
            () ->
                new HdlException(
                    ErrorCode.INVALID_ARGUMENT, "address: " + address + " (expected: mounted)"))
        .toUri();
  }

  private static Stat at(LakeAddress address, Stat stat) {
    return new Stat(address.uri(), stat.size(), stat.modified(), stat.etag());
  }

  private static String name(Stat stat) {
    return String.valueOf(Path.of(stat.uri()).getFileName());
  }
}
