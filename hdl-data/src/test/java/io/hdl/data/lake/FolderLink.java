package io.hdl.data.lake;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.ObjectStore.Stat;
import io.hdl.data.storage.LakeAddress;
import io.hdl.data.transfer.Fetched;
import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** A folder of this machine as a container of a lake, whose link can be cut. */
final class FolderLink implements LakeLink {
  private final LakeAddress container;
  private final Path folder;
  final List<String> fetched = Collections.synchronizedList(new ArrayList<>());
  final AtomicInteger requests = new AtomicInteger();
  volatile boolean cut;
  volatile Runnable afterList = () -> {};

  FolderLink(LakeAddress container, Path folder) {
    this.container = container;
    this.folder = folder;
  }

  private Path local(URI uri) {
    if (cut) {
      throw new HdlException(
          ErrorCode.UNAVAILABLE, "Cannot reach " + container.host() + ": connection refused.");
    }
    requests.incrementAndGet();
    return folder.resolve(LakeAddress.of(uri).path());
  }

  private Stat stat(URI uri, Path file) throws IOException {
    return new Stat(
        uri,
        Files.size(file),
        Files.getLastModifiedTime(file).toInstant(),
        Optional.of("\"" + Files.getLastModifiedTime(file).toMillis() + "\""));
  }

  @Override
  public List<Stat> list(URI of, String firstName) {
    Path local = local(of);
    if (!Files.isDirectory(local)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(local)) {
      List<Stat> found = new ArrayList<>();
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String name = String.valueOf(file.getFileName());
        if (Files.isRegularFile(file) && name.compareTo(firstName) >= 0) {
          found.add(stat(LakeAddress.of(of).resolve(name).uri(), file));
        }
      }
      found.sort(Comparator.comparing(Stat::uri));
      afterList.run();
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<Stat> stat(URI object) {
    Path local = local(object);
    try {
      return Files.isRegularFile(local) ? Optional.of(stat(object, local)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Fetched fetch(RemoteFile file, Path partial, Runnable checkpoint) {
    Path local = local(file.uri());
    checkpoint.run();
    try {
      if (!Files.exists(local)) {
        throw new HdlException(
            ErrorCode.NOT_FOUND, "Cannot read " + file.uri() + ": there is no such file.");
      }
      byte[] bytes = Files.readAllBytes(local);
      Files.write(partial, bytes);
      fetched.add(LakePaths.name(file.uri()));
      CRC32C sum = new CRC32C();
      sum.update(bytes);
      return new Fetched(
          bytes.length, stat(file.uri(), local).etag(), sum.getValue(), bytes.length, 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean used() {
    return requests.get() > 0;
  }

  @Override
  public void close() {}
}
