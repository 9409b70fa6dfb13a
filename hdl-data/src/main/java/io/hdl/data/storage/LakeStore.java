package io.hdl.data.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.LocalObjectStore;
import io.hdl.core.storage.ObjectStore;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;

/**
 * The lake's objects: {@code abfss:} and {@code abfs:} addresses, those of other Hadoop file
 * systems whose connector is on the class path ({@code s3a:}, {@code gs:}, {@code hdfs:}), parts
 * that are mounted, and files of this machine.
 *
 * <pre>{@code
 * try (LakeStore lake = LakeStore.open(LakeAccess.fromEnvironment())) {
 *   lake.list(URI.create("abfss://curated@contoso.dfs.core.windows.net/retail/sales/_delta_log"));
 *   lake.publish(model, URI.create("abfss://models@contoso.dfs.core.windows.net/demand.zip"));
 * }
 * }</pre>
 *
 * <p>Opening it does no I/O. A container is connected to when it is first asked for; stores of one
 * process share a client for each container and credential, and the last one that is closed ends
 * it.
 *
 * <p>Failures are {@link HdlException}s: {@code UNAUTHENTICATED} (the credential is not accepted),
 * {@code PERMISSION_DENIED} (it is, and lacks a role that the message names), {@code NOT_FOUND} (no
 * such container, folder or object), {@code UNAVAILABLE} (no answer within the access's retry
 * policy), {@code INVALID_ARGUMENT} (a malformed address).
 *
 * <p>Thread-safe; streams are not. Whoever opens it closes it.
 */
public final class LakeStore implements ObjectStore {
  private final LakeAccess access;
  private final Supplier<Configuration> hadoop;
  private final LocalObjectStore local = new LocalObjectStore();
  private final LakeFiles mounted;
  private final Map<String, LakeClients.Hold> containers = new HashMap<>();
  private final Map<String, HadoopFiles> others = new HashMap<>();
  private boolean closed;

  private LakeStore(LakeAccess access, Supplier<Configuration> hadoop) {
    this.access = access;
    this.hadoop = hadoop;
    mounted = new MountedFiles(access.mounts());
  }

  /** A store of all that can be reached this way. */
  public static LakeStore open(LakeAccess access) {
    return new LakeStore(access, Configuration::new);
  }

  /** A store with given settings for other Hadoop file systems. */
  static LakeStore open(LakeAccess access, Supplier<Configuration> hadoop) {
    return new LakeStore(access, hadoop);
  }

  /**
   * A store, its first address checked: that it is one, and that there is something to serve it.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if it is malformed, with {@link
   *     ErrorCode#UNSUPPORTED_FEATURE} if its connector is missing
   */
  public static LakeStore open(URI uri, LakeAccess access) {
    LakeStore store = open(access);
    try {
      if (!isLocal(uri)) {
        store.files(LakeAddress.of(uri));
      }
      return store;
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  @Override
  public boolean serves(URI uri) {
    return isLocal(uri) || LakeAddress.hasScheme(uri.getScheme());
  }

  @Override
  public Optional<Stat> stat(URI uri) {
    if (isLocal(uri)) {
      return local.stat(uri);
    }
    LakeAddress address = LakeAddress.of(uri);
    return files(address).stat(address);
  }

  @Override
  public List<Stat> list(URI folder) {
    return listFrom(folder, "");
  }

  /**
   * The objects directly below a folder whose name is not before another, by name; empty if the
   * folder does not exist.
   *
   * @param firstName a name, not encoded, such as {@code 00000000000000000042.json}; there need not
   *     be one of that name
   */
  public List<Stat> listFrom(URI folder, String firstName) {
    if (isLocal(folder)) {
      return local.list(folder).stream()
          .filter(stat -> name(stat).compareTo(firstName) >= 0)
          .sorted(Comparator.comparing(LakeStore::name))
          .toList();
    }
    LakeAddress address = LakeAddress.of(folder);
    return files(address).list(address, firstName);
  }

  @Override
  public InputStream read(URI uri, long offset, long length) {
    require(offset >= 0, "offset", offset);
    require(length >= 0, "length", length);
    if (isLocal(uri)) {
      return local.read(uri, offset, length);
    }
    LakeAddress address = LakeAddress.of(uri);
    return files(address).read(address, offset, length);
  }

  @Override
  public Stat publish(Path file, URI uri) {
    if (isLocal(uri)) {
      return local.publish(file, uri);
    }
    LakeAddress address = LakeAddress.of(uri);
    if (address.path().isEmpty()) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT, "uri: " + uri + " (expected: with the name of an object)");
    }
    return files(address).publish(file, address);
  }

  @Override
  public void delete(URI uri) {
    if (isLocal(uri)) {
      local.delete(uri);
    } else {
      LakeAddress address = LakeAddress.of(uri);
      files(address).delete(address);
    }
  }

  /**
   * Ranges of this store's objects, for bulk bytes: plain requests where the service speaks HTTP,
   * the store's own reads elsewhere. Each range is asked for once. Valid until this store is
   * closed.
   */
  public RangeReader ranges() {
    RangeReader reads = StoreRanges.of(this);
    return (object, from, length, ifMatch) -> {
      if (!isLocal(object)) {
        LakeAddress address = LakeAddress.of(object);
        if (files(address) instanceof LakeClient client) {
          return client.ranges().open(object, from, length, ifMatch);
        }
      }
      return reads.open(object, from, length, ifMatch);
    };
  }

  /** Closes it; a second call does nothing. Objects that are being read fail. */
  @Override
  public void close() {
    List<AutoCloseable> open = new ArrayList<>();
    synchronized (this) {
      closed = true;
      open.addAll(others.values());
      open.addAll(containers.values());
      others.clear();
      containers.clear();
    }
    RuntimeException failure = null;
    for (AutoCloseable each : open) {
      try {
        each.close();
      } catch (Exception e) {
        RuntimeException told =
            e instanceof RuntimeException unchecked
                ? unchecked
                : new HdlException(ErrorCode.INTERNAL, "Cannot close the store", e);
        if (failure == null) {
          failure = told;
        } else {
          failure.addSuppressed(told);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private LakeFiles files(LakeAddress address) {
    if (access.mounts().path(address).isPresent()) {
      return mounted;
    }
    synchronized (this) {
      if (closed) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT, "Cannot use " + address + ": the store is closed.");
      }
      if (address.isAbfs()) {
        return containers
            .computeIfAbsent(
                address.container() + "@" + address.host(),
                any -> LakeClients.hold(address, access))
            .client();
      }
      return others.computeIfAbsent(
          address.root(), any -> HadoopFiles.other(address, access.retry(), hadoop.get()));
    }
  }

  private static boolean isLocal(URI uri) {
    return uri.getScheme() == null || uri.getScheme().equalsIgnoreCase("file");
  }

  private static String name(Stat stat) {
    return String.valueOf(Path.of(stat.uri()).getFileName());
  }

  private static void require(boolean condition, String name, long value) {
    if (!condition) {
      throw new HdlException(ErrorCode.INVALID_ARGUMENT, name + ": " + value + " (expected: >= 0)");
    }
  }
}
