package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.core.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files that lie in a store which this machine reaches itself: a lake ({@code abfss:}), or a folder
 * ({@code file:}) of this machine or a mount. The store limits the time of its calls itself.
 */
final class StoredArtifacts implements ArtifactPlace {
  private final ObjectStore store;
  private final URI root;

  StoredArtifacts(ObjectStore store, URI root) {
    this.store = store;
    this.root = root;
  }

  @Override
  public void put(String name, Path file, Duration idle) {
    ObjectStore.Stat unused = store.publish(file, address(name));
  }

  @Override
  public List<Artifacts.Entry> list(String folder, Duration limit) {
    URI address = address(folder);
    if (isLocal()) {
      return listLocal(folder, Path.of(address));
    }
    List<Artifacts.Entry> found = new ArrayList<>();
    for (ObjectStore.Stat stat : store.list(address)) {
      String path = stat.uri().getPath();
      found.add(
          new Artifacts.Entry(
              ArtifactName.below(folder, path.substring(path.lastIndexOf('/') + 1)),
              Artifacts.Kind.FILE,
              stat.size()));
    }
    return found;
  }

  private List<Artifacts.Entry> listLocal(String folder, Path path) {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    List<Artifacts.Entry> found = new ArrayList<>();
    store
        .list(path.toUri())
        .forEach(
            stat -> {
              Path file = Path.of(stat.uri());
              found.add(
                  new Artifacts.Entry(
                      ArtifactName.below(folder, String.valueOf(file.getFileName())),
                      Artifacts.Kind.FILE,
                      stat.size()));
            });
    try (Stream<Path> children = Files.list(path)) {
      children
          .filter(Files::isDirectory)
          .forEach(
              child ->
                  found.add(
                      new Artifacts.Entry(
                          ArtifactName.below(folder, String.valueOf(child.getFileName())),
                          Artifacts.Kind.FOLDER,
                          0)));
    } catch (IOException e) {
      throw new HdlException(ErrorCode.IO_FAILURE, "Cannot list " + path + ": " + e, e);
    }
    return found;
  }

  @Override
  public void get(String name, Path to, Duration idle) {
    URI address = address(name);
    long size =
        store
            .stat(address)
            .map(ObjectStore.Stat::size)
            .orElseThrow(
                () ->
                    new HdlException(
                        ErrorCode.NOT_FOUND,
                        "Cannot fetch the artifact \"%s\": there is none of this name at %s."
                            .formatted(name, root)));
    AtomicPublish.Published unused =
        AtomicPublish.file(
            to,
            out -> {
              try (InputStream in = store.read(address, 0, size)) {
                in.transferTo(out);
              }
            });
  }

  private boolean isLocal() {
    return root.getScheme() == null || root.getScheme().equalsIgnoreCase("file");
  }

  private URI address(String name) {
    String base = root.toString().replaceFirst("/+$", "");
    return URI.create(name.isEmpty() ? base : base + "/" + ArtifactName.encoded(name));
  }
}
