package io.hdl.data.lake;

import io.hdl.data.delta.TableFiles.LogFile;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Fetches files of a log a few at a time, ahead of a reader that asks for one after the other. What
 * goes wrong is left to the reader, who tries again. Thread-safe.
 */
final class LogAhead implements AutoCloseable {
  private static final int THREADS = 4;
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Consumer<LogFile> bring;
  private @Nullable ExecutorService threads;
  private boolean closed;

  LogAhead(Consumer<LogFile> bring) {
    this.bring = bring;
  }

  synchronized void begin(List<LogFile> files) {
    // One file alone comes as soon when it is asked for.
    if (closed || files.size() < 2) {
      return;
    }
    ExecutorService running = threads;
    if (running == null) {
      running =
          Executors.newFixedThreadPool(
              THREADS,
              task -> {
                Thread made = new Thread(task, "hdl-lake-log-" + NUMBER.incrementAndGet());
                made.setDaemon(true);
                return made;
              });
      threads = running;
    }
    for (LogFile file : files) {
      running.execute(() -> tryTo(file));
    }
  }

  private void tryTo(LogFile file) {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    try {
      bring.accept(file);
    } catch (RuntimeException e) {
      // The reader tries again, and tells what goes wrong then.
    }
  }

  /** Ends the threads and waits for them. Idempotent. */
  @Override
  public void close() {
    ExecutorService running;
    synchronized (this) {
      closed = true;
      running = threads;
      threads = null;
    }
    if (running == null) {
      return;
    }
    running.shutdownNow();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = running.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
