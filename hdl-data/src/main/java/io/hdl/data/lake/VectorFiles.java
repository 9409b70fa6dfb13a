package io.hdl.data.lake;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.ObjectStore.Stat;
import io.hdl.data.cache.LakeCache;
import io.hdl.data.delta.DataFile;
import io.hdl.data.transfer.RemoteFile;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of deletion vectors, whose sizes the log does not tell: found in the cache, else asked
 * of the lake, for a folder of many all at once. Thread-safe.
 */
final class VectorFiles {
  private static final int LIST_FROM = 8;

  private final LakeLink link;
  private final LakeCache cache;
  private final Map<URI, RemoteFile> known = new ConcurrentHashMap<>();

  VectorFiles(LakeLink link, LakeCache cache) {
    this.link = link;
    this.cache = cache;
  }

  /**
   * A file by its address.
   *
   * @throws HdlException with {@link ErrorCode#NOT_FOUND} if it is gone
   */
  RemoteFile file(URI address) {
    RemoteFile found = known.get(address);
    if (found == null) {
      found = link.stat(address).map(VectorFiles::remote).orElseThrow(() -> gone(address));
      known.put(address, found);
    }
    return found;
  }

  private static HdlException gone(URI address) {
    return new HdlException(
        ErrorCode.NOT_FOUND,
        "Cannot read " + address + ": there is no such file. It may have been removed by VACUUM.");
  }

  private static RemoteFile remote(Stat stat) {
    return new RemoteFile(stat.uri(), stat.size(), stat.etag());
  }

  /** Finds out the sizes of all that some data files need. */
  void find(List<DataFile> files) {
    Map<URI, List<URI>> folders = new LinkedHashMap<>();
    for (DataFile file : files) {
      file.deletionVector()
          .flatMap(vector -> vector.file())
          .map(URI::create)
          .filter(address -> !known.containsKey(address))
          .ifPresent(
              address ->
                  folders
                      .computeIfAbsent(LakePaths.parent(address), key -> new ArrayList<>())
                      .add(address));
    }
    folders.forEach(this::find);
  }

  private void find(URI folder, List<URI> wanted) {
    cache.known(folder).forEach(file -> take(file.file().uri(), file.file(), wanted));
    List<URI> unknown =
        wanted.stream().distinct().filter(address -> !known.containsKey(address)).toList();
    if (unknown.size() >= LIST_FROM) {
      String first = unknown.stream().map(LakePaths::name).sorted().findFirst().orElse("");
      link.list(folder, first).forEach(stat -> take(stat.uri(), remote(stat), unknown));
    }
  }

  private void take(URI address, @Nullable RemoteFile file, List<URI> wanted) {
    if (file != null && wanted.contains(address)) {
      known.putIfAbsent(address, file);
    }
  }
}
