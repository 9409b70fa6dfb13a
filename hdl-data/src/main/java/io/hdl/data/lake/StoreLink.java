package io.hdl.data.lake;

import io.hdl.core.storage.ObjectStore.Stat;
import io.hdl.data.storage.LakeAccess;
import io.hdl.data.storage.LakeAddress;
import io.hdl.data.storage.LakeStore;
import io.hdl.data.transfer.FetchSettings;
import io.hdl.data.transfer.Fetched;
import io.hdl.data.transfer.Fetcher;
import io.hdl.data.transfer.RemoteFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The link through a store, which is opened when it is first used: until then it costs nothing. */
final class StoreLink implements LakeLink {
  private final LakeAddress address;
  private final LakeAccess access;
  private final FetchSettings settings;
  private @Nullable LakeStore store;
  private @Nullable Fetcher fetcher;
  private boolean used;
  private boolean closed;

  StoreLink(LakeAddress address, LakeAccess access, FetchSettings settings) {
    this.address = address;
    this.access = access;
    this.settings = settings;
  }

  private synchronized LakeStore store() {
    LakeStore open = store;
    if (open == null) {
      if (closed) {
        throw new IllegalStateException("The table " + address + " was closed");
      }
      open = LakeStore.open(access);
      store = open;
      used = true;
    }
    return open;
  }

  private synchronized Fetcher fetcher() {
    Fetcher open = fetcher;
    if (open == null) {
      open = Fetcher.of(store().ranges(), settings);
      fetcher = open;
    }
    return open;
  }

  @Override
  public List<Stat> list(URI folder, String firstName) {
    return store().listFrom(folder, firstName);
  }

  @Override
  public Optional<Stat> stat(URI object) {
    return store().stat(object);
  }

  @Override
  public Fetched fetch(RemoteFile file, Path partial, Runnable checkpoint) {
    return fetcher().fetch(file, partial, checkpoint);
  }

  @Override
  public synchronized boolean used() {
    return used;
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      if (fetcher != null) {
        fetcher.close();
      }
    } finally {
      if (store != null) {
        store.close();
      }
      fetcher = null;
      store = null;
    }
  }
}
