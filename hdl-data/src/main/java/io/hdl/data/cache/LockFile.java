package io.hdl.data.cache;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Locks of a tier, by number, each a byte of one file: between the threads of this process and
 * between processes, and between machines where the file system has such locks. The operating
 * system releases them when the process dies, and there are no lock files to be cleaned up.
 * Thread-safe.
 *
 * <p>The file is opened once in a process, as closing any channel of it would give up all the
 * process's locks. A thread of its own uses the channel, as an interrupt would close it.
 */
final class LockFile implements AutoCloseable {
  /** Held by whoever removes files to make room. */
  static final long EVICTION = 0;

  /** Held for the moment in which the ledger is changed. */
  static final long LEDGER = 1;

  /** Held by the process that a temporary folder belongs to. */
  static final long ALIVE = 2;

  /** Numbers from here on are of files and holders. */
  static final long FIRST_FREE = 16;

  private static final Map<Path, LockFile> OPEN = new HashMap<>();
  private static final long FIRST_PAUSE = 200_000;
  private static final long LONGEST_PAUSE = 20_000_000;

  private final Path path;
  private final FileChannel channel;
  private final ExecutorService thread;
  private int users;

  /** A lock that is held until it is closed. */
  static final class Held implements AutoCloseable {
    private final LockFile file;
    private final @Nullable FileLock lock;

    private Held(LockFile file, @Nullable FileLock lock) {
      this.file = file;
      this.lock = lock;
    }

    @Override
    public void close() {
      FileLock held = lock;
      if (held == null) {
        return;
      }
      try {
        file.call(
            () -> {
              held.release();
              return held;
            });
      } catch (IOException e) {
        // The file system is gone, and the lock with it.
      }
    }
  }

  private LockFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
    thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, "hdl-cache-locks");
              made.setDaemon(true);
              return made;
            });
  }

  /** Opens the locks; made if they are not there. */
  static LockFile open(Path file) throws IOException {
    Path path = file.toAbsolutePath().normalize();
    synchronized (OPEN) {
      LockFile known = OPEN.get(path);
      if (known == null) {
        known =
            new LockFile(
                path, FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        OPEN.put(path, known);
      }
      known.users++;
      return known;
    }
  }

  /**
   * Takes a lock if nobody has it.
   *
   * @throws IOException if the file system has no locks, or is gone
   */
  Optional<Held> tryLock(long number) throws IOException {
    FileLock lock =
        call(
            () -> {
              try {
                return channel.tryLock(number, 1, false);
              } catch (OverlappingFileLockException e) {
                return null;
              }
            });
    return lock == null ? Optional.empty() : Optional.of(new Held(this, lock));
  }

  /**
   * Waits for a lock.
   *
   * @param checkpoint called now and then; may throw
   * @return empty if it is still held by others after the limit
   */
  Optional<Held> await(long number, Duration limit, Runnable checkpoint) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    long pause = FIRST_PAUSE;
    while (true) {
      Optional<Held> held = tryLock(number);
      if (held.isPresent() || System.nanoTime() - end >= 0) {
        return held;
      }
      checkpoint.run();
      LockSupport.parkNanos(pause);
      pause = Math.min(LONGEST_PAUSE, pause * 2);
    }
  }

  /** Something held that excludes nobody, for file systems without locks. */
  Held unlocked() {
    return new Held(this, null);
  }

  /**
   * Forgets the file, as that of a file system that went away: whoever opens it next gets that
   * which is there then. It stays open: should it be the same one, closing it would give up the
   * locks that are taken from then on.
   */
  void abandon() {
    synchronized (OPEN) {
      OPEN.remove(path, this);
    }
  }

  private <T> @Nullable T call(Callable<@Nullable T> action) throws IOException {
    try {
      return Uninterruptibles.getUninterruptibly(thread.submit(action));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    }
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      users--;
      if (users > 0) {
        return;
      }
      if (OPEN.remove(path, this)) {
        try {
          call(
              () -> {
                channel.close();
                return null;
              });
        } catch (IOException e) {
          // Closing a channel releases its locks even when it reports an error.
        }
      }
      thread.shutdown();
    }
  }
}
