package io.hdl.data.cache;

import io.hdl.data.transfer.Fetched;
import io.hdl.data.transfer.RemoteFile;
import java.nio.file.Path;

/** Where files come from that no tier has. Thread-safe: several files are asked for at once. */
@FunctionalInterface
public interface CacheOrigin {
  /**
   * Brings a whole file.
   *
   * @param partial where it is written. An empty file, or what an earlier fetch of the same file
   *     left there, perhaps in a process that died; nobody else writes it meanwhile. Files of its
   *     own that the origin keeps beside it have names that begin with the partial file's. They are
   *     removed when a fetch succeeds, and with the partial file.
   * @param checkpoint called now and then; what it throws ends the fetch
   * @return length and checksum of what was written, which the cache compares with the file
   * @throws io.hdl.core.error.HdlException if it cannot be brought; whoever asked for it sees that
   */
  Fetched fetch(RemoteFile file, Path partial, Runnable checkpoint);
}
