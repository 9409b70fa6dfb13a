package io.hdl.data.cache;

import io.hdl.data.transfer.RemoteFile;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A private local folder in which files of a folder of the lake appear under their own names, for
 * readers that want a folder: those of a Delta log. Each file is held until this is closed.
 * Thread-safe.
 */
public final class MirrorFolder implements AutoCloseable {
  MirrorFolder() {}

  /** The local folder. What else is written into it disappears with it. */
  public Path path() {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes a file appear, from the nearest place that has it.
   *
   * @param file a file below the mirrored folder, at any depth
   * @param modified when it was last modified in the lake: the local file's time, too
   * @param checkpoint called now and then while it is fetched; may throw
   * @return its path in the local folder
   */
  public Path add(RemoteFile file, Instant modified, Runnable checkpoint) {
    throw new UnsupportedOperationException();
  }

  /** Removes the local folder. Idempotent. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
