package io.hdl.tracking.client;

import io.hdl.core.identity.TokenSource;
import io.hdl.core.storage.LocalObjectStore;
import io.hdl.core.storage.ObjectStore;
import io.hdl.core.storage.ObjectStoreProvider;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Serves {@code abfss} out of a folder of this machine, and notes with whose tokens. */
public final class FolderAsLake implements ObjectStoreProvider {
  static volatile Path folder = Path.of("nowhere");
  static final List<String> OPENED = new CopyOnWriteArrayList<>();

  /** For the service loader. */
  public FolderAsLake() {}

  @Override
  public Set<String> schemes() {
    return Set.of("abfss");
  }

  @Override
  public ObjectStore open(URI uri) {
    OPENED.add("environment");
    return new Lake();
  }

  @Override
  public ObjectStore open(URI uri, TokenSource tokens) {
    OPENED.add(tokens.description());
    return new Lake();
  }

  private static final class Lake implements ObjectStore {
    private final LocalObjectStore local = new LocalObjectStore();

    private static URI here(URI uri) {
      return folder.resolve(uri.getAuthority() + uri.getPath()).toUri();
    }

    private static Stat there(URI asked, Stat stat) {
      String path = asked.getPath() + "/" + Path.of(stat.uri()).getFileName();
      try {
        URI uri = new URI(asked.getScheme(), asked.getAuthority(), path, null, null);
        return new Stat(uri, stat.size(), stat.modified(), stat.etag());
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean serves(URI uri) {
      return "abfss".equals(uri.getScheme());
    }

    @Override
    public Optional<Stat> stat(URI uri) {
      return local.stat(here(uri));
    }

    @Override
    public List<Stat> list(URI uri) {
      return local.list(here(uri)).stream().map(stat -> there(uri, stat)).toList();
    }

    @Override
    public InputStream read(URI uri, long offset, long length) {
      return local.read(here(uri), offset, length);
    }

    @Override
    public Stat publish(Path file, URI uri) {
      return local.publish(file, here(uri));
    }

    @Override
    public void delete(URI uri) {
      local.delete(here(uri));
    }

    @Override
    public void close() {
      OPENED.add("closed");
    }
  }
}
