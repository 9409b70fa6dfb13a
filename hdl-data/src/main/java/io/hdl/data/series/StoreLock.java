package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread of one process build a store. The operating system releases it when the process
 * dies. Where the file system has no locks, the threads of this process exclude each other alone.
 */
final class StoreLock implements AutoCloseable {
  private static final long POLL_NANOS = 20_000_000L;

  // Locks of the operating system belong to the process, and closing any channel of the file
  // gives them up: a second thread must not even open it.
  private static final Set<Path> HELD = new HashSet<>();

  private final Path file;
  private final @Nullable FileChannel channel;

  private StoreLock(Path file, @Nullable FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Waits until nobody else holds the lock.
   *
   * @param whileWaiting called now and then; what it throws ends the waiting
   */
  static StoreLock acquire(Path file, Runnable whileWaiting) {
    Path own = file.toAbsolutePath().normalize();
    while (!hold(own)) {
      pause(own, whileWaiting);
    }
    try {
      return new StoreLock(own, lock(own, whileWaiting));
    } catch (RuntimeException | Error e) {
      release(own);
      throw e;
    }
  }

  private static boolean hold(Path file) {
    synchronized (HELD) {
      return HELD.add(file);
    }
  }

  private static void release(Path file) {
    synchronized (HELD) {
      HELD.remove(file);
    }
  }

  private static @Nullable FileChannel lock(Path file, Runnable whileWaiting) {
    FileChannel channel = null;
    boolean held = false;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      while (channel.tryLock() == null) {
        pause(file, whileWaiting);
      }
      held = true;
      return channel;
    } catch (IOException e) {
      // No locks here: two processes may build the same store, and the last one stays.
      return null;
    } finally {
      if (!held) {
        close(channel);
      }
    }
  }

  private static void pause(Path file, Runnable whileWaiting) {
    whileWaiting.run();
    LockSupport.parkNanos(POLL_NANOS);
    if (Thread.currentThread().isInterrupted()) {
      throw new HdlException(
          ErrorCode.CANCELLED, "Waiting for whoever holds " + file + " was interrupted.");
    }
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The lock is gone either way: closing a channel releases it even when it reports an error.
    }
  }

  @Override
  public void close() {
    close(channel);
    release(file);
  }
}
