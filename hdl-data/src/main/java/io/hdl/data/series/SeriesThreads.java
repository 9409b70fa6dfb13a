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
final class SeriesThreads implements Runnable {
  /** Works on one series. */
  interface Task {
    void run(int series);
  }

  /** Gives each thread a task of its own. */
  interface Work {
    Task task();
  }

  private static final AtomicInteger POOLS = new AtomicInteger();
  private static final int CHUNK = 64;

  private final int count;
  private final Work work;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private SeriesThreads(int count, Work work) {
    this.count = count;
    this.work = work;
  }

  /**
   * Runs a task for every series; the first failure stops the others and is thrown.
   *
   * @param threads number of threads, the calling one included
   */
  static void forEach(int count, int threads, Work work) {
    SeriesThreads all = new SeriesThreads(count, work);
    int others = Math.min(threads, (count + CHUNK - 1) / CHUNK) - 1;
    List<Thread> started = new ArrayList<>();
    int pool = others > 0 ? POOLS.incrementAndGet() : 0;
    for (int i = 1; i <= others; i++) {
      StringBuilder name = new StringBuilder("hdl-data-store-").append(pool).append('-').append(i);
      Thread thread = new Thread(all, name.toString());
      thread.setDaemon(true);
      thread.start();
      started.add(thread);
    }
    all.run();
    all.join(started);
    Throwable thrown = all.failure.get();
    if (thrown instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
  }

  @Override
  public void run() {
    try {
      Task task = work.task();
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
  }

  private void join(List<Thread> threads) {
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
