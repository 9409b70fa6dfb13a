package io.hdl.data.cache;

import io.hdl.data.transfer.RemoteFile;
import java.nio.file.Path;

/**
 * A whole, checked file of the lake on a disk of this machine, which stays there until this is
 * closed, whatever other threads, processes and machines do with the tier. Thread-safe.
 */
public final class HeldFile implements AutoCloseable {
  private final RemoteFile file;
  private final Tier tier;
  private final Path path;
  private final Runnable release;
  private boolean closed;

  HeldFile(RemoteFile file, Tier tier, Path path, Runnable release) {
    this.file = file;
    this.tier = tier;
    this.path = path;
    this.release = release;
  }

  /** Which file it is. */
  public RemoteFile file() {
    return file;
  }

  /** Where it lies: {@link Tier#HOT}, {@link Tier#WARM} or {@link Tier#SCRATCH}. */
  public Tier tier() {
    return tier;
  }

  /**
   * Where its bytes can be read. A path of this hold's own, without the file's name, which must not
   * be written to and is gone when this is closed. What is opened before stays readable.
   */
  public Path path() {
    return path;
  }

  /** Gives it up. Idempotent. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    release.run();
  }
}
