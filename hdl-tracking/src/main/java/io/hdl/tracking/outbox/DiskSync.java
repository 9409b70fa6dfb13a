package io.hdl.tracking.outbox;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Brings written files to the disk on a thread of its own, {@code hdl-tracking-fsync}, so that a
 * slow disk does not hold up the writer. Thread-safe.
 */
final class DiskSync implements AutoCloseable {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "hdl-tracking-fsync");
            made.setDaemon(true);
            return made;
          });
  private volatile @Nullable IOException failure;

  /** Forces a file soon. */
  void force(LogFile file) {
    Future<?> unused = submit(() -> forceNow(file));
  }

  /** Forces a file for the last time and closes it. */
  void retire(LogFile file) {
    Future<?> unused =
        submit(
            () -> {
              forceNow(file);
              try {
                file.close();
              } catch (IOException e) {
                failure = e;
              }
            });
  }

  private void forceNow(LogFile file) {
    try {
      file.force();
      failure = null;
    } catch (ClosedChannelException retired) {
      // It was forced when it was closed.
    } catch (IOException e) {
      failure = e;
    }
  }

  private @Nullable Future<?> submit(Runnable work) {
    try {
      return thread.submit(work);
    } catch (RejectedExecutionException closed) {
      return null;
    }
  }

  /** Why forcing failed last; null if it did not. */
  @Nullable IOException failure() {
    return failure;
  }

  /** Waits until a file and all before it are forced; false if that takes too long. */
  boolean await(@Nullable LogFile open, Duration limit) {
    Future<?> done = submit(open == null ? () -> {} : () -> forceNow(open));
    if (done == null) {
      return failure == null;
    }
    try {
      done.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return failure == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
