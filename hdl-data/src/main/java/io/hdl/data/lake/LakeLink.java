package io.hdl.data.lake;

import io.hdl.core.storage.ObjectStore.Stat;
import io.hdl.data.transfer.Fetched;
import io.hdl.data.transfer.RemoteFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a table needs of the lake, over the link. Thread-safe; nothing is opened before it is used.
 */
interface LakeLink extends AutoCloseable {
  /**
   * The objects directly in a folder from a name on, sorted by name; empty if there is no such
   * folder.
   *
   * @throws io.hdl.core.error.HdlException with {@code UNAVAILABLE} if the lake cannot be reached
   */
  List<Stat> list(URI folder, String firstName);

  /** An object's facts, or empty if there is none. */
  Optional<Stat> stat(URI object);

  /** Fetches a whole file, as {@link io.hdl.data.cache.CacheOrigin} has it. */
  Fetched fetch(RemoteFile file, Path partial, Runnable checkpoint);

  /** Whether anything was asked of the lake so far. */
  boolean used();

  @Override
  void close();
}
