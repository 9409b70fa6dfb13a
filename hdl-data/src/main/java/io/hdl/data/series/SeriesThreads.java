package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Works on all series of a store with several named threads, which are joined before it returns.
 */
final class SeriesThreads {
  /** Works on one series. */
  interface Task {
    void run(int series);
  }

  private static final AtomicInteger POOLS = new AtomicInteger();
  private static final int CHUNK = 64;

  private SeriesThreads() {}

  /**
   * Runs a task for every series; the first failure stops the others and is thrown.
   *
   * @param threads number of threads, the calling one included
   * @param factory gives each thread a task of its own
   */
  static void forEach(int count, int threads, java.util.function.Supplier<Task> factory) {
    AtomicInteger next = new AtomicInteger();
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Runnable work =
        () -> {
          try {
            Task task = factory.get();
            while (failure.get() == null) {
              int from = next.getAndAdd(CHUNK);
              if (from < 0 || from >= count) {
                return;
              }
              for (int series = from; series < Math.min(count, from + CHUNK); series++) {
                task.run(series);
              }
            }
          } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
          }
        };
    int others = Math.min(threads, (count + CHUNK - 1) / CHUNK) - 1;
    List<Thread> started = new ArrayList<>();
    int pool = others > 0 ? POOLS.incrementAndGet() : 0;
    for (int i = 1; i <= others; i++) {
      Thread thread = new Thread(work, "hdl-data-store-" + pool + "-" + i);
      thread.setDaemon(true);
      thread.start();
      started.add(thread);
    }
    work.run();
    join(started, failure);
    Throwable thrown = failure.get();
    if (thrown instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
  }

  private static void join(List<Thread> threads, AtomicReference<@Nullable Throwable> failure) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          failure.compareAndSet(
              null, new HdlException(ErrorCode.CANCELLED, "Making series was interrupted.", e));
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
