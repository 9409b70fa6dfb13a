package io.hdl.data.storage;

import io.hdl.core.retry.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The clients of this process: one for each container and credential, however many stores use it,
 * closed when the last of them is. Hadoop's own cache of file systems is not used: it would take
 * one credential for another. Thread-safe.
 */
final class LakeClients {
  /** What makes two uses share a client. */
  private record Key(
      String host,
      String container,
      LakeCredential credential,
      Optional<URI> endpoint,
      RetryPolicy retry,
      Duration idleTimeout) {}

  private static final class Shared {
    final LakeClient client;
    int holders;

    Shared(LakeClient client) {
      this.client = client;
    }
  }

  private static final Map<Key, Shared> CLIENTS = new HashMap<>();

  private LakeClients() {}

  /** A client that is held until it is let go. */
  static final class Hold implements AutoCloseable {
    private final Key key;
    private final LakeClient client;
    private boolean held = true;

    private Hold(Key key, LakeClient client) {
      this.key = key;
      this.client = client;
    }

    LakeClient client() {
      return client;
    }

    @Override
    public void close() {
      synchronized (CLIENTS) {
        if (!held) {
          return;
        }
        held = false;
        Shared shared = CLIENTS.get(key);
        if (shared == null || --shared.holders > 0) {
          return;
        }
        CLIENTS.remove(key);
      }
      client.close();
    }
  }

  /** Holds the client of an address's container; makes it if there is none. */
  static Hold hold(LakeAddress address, LakeAccess access) {
    LakeCredential credential = access.credential();
    Key key =
        new Key(
            address.host(),
            address.container(),
            credential,
            access.endpoint(),
            access.retry(),
            access.idleTimeout());
    synchronized (CLIENTS) {
      Shared shared =
          CLIENTS.computeIfAbsent(
              key, any -> new Shared(new LakeClient(address, credential, access)));
      shared.holders++;
      return new Hold(key, shared.client);
    }
  }

  /** How many there are. */
  static int count() {
    synchronized (CLIENTS) {
      return CLIENTS.size();
    }
  }
}
