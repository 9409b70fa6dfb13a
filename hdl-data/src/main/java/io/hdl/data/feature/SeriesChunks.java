package io.hdl.data.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Works through series in chunks of fixed size, with several threads of its own. What fails first
 * in the series' order is thrown, whatever the threads.
 */
final class SeriesChunks {
  static final int SIZE = 256;

  /** The work of one thread. */
  @FunctionalInterface
  interface Worker {
    /** Does a chunk: the series from one number to before another. */
    void work(int chunk, int from, int end);
  }

  /** Makes the worker of each thread. */
  @FunctionalInterface
  interface Workers {
    Worker worker(int thread);
  }

  private SeriesChunks() {}

  static int count(int series) {
    return (series + SIZE - 1) / SIZE;
  }

  /** Number of threads that work on this many series. */
  static int threads(int series, int wanted) {
    return Math.max(1, Math.min(wanted, count(series)));
  }

  /**
   * Does all chunks and returns when the last thread has ended.
   *
   * @param before called before each chunk, on the thread that does it; may throw to stop the work
   */
  static void run(int series, int wanted, Runnable before, Workers workers) {
    int threads = threads(series, wanted);
    AtomicInteger next = new AtomicInteger();
    AtomicBoolean failed = new AtomicBoolean();
    @Nullable Throwable[] failures = new Throwable[count(series)];
    List<Thread> others = new ArrayList<>();
    for (int t = 1; t < threads; t++) {
      Worker worker = workers.worker(t);
      Thread thread =
          new Thread(
              () -> drain(series, next, failed, failures, before, worker), "hdl-features-" + t);
      thread.setDaemon(true);
      others.add(thread);
    }
    Worker own = workers.worker(0);
    others.forEach(Thread::start);
    drain(series, next, failed, failures, before, own);
    join(others);
    for (Throwable failure : failures) {
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
    }
  }

  private static void drain(
      int series,
      AtomicInteger next,
      AtomicBoolean failed,
      @Nullable Throwable[] failures,
      Runnable before,
      Worker worker) {
    while (!failed.get()) {
      int chunk = next.getAndIncrement();
      if (chunk >= failures.length) {
        return;
      }
      try {
        before.run();
        worker.work(chunk, chunk * SIZE, Math.min(series, (chunk + 1) * SIZE));
      } catch (RuntimeException | Error e) {
        failures[chunk] = e;
        failed.set(true);
      }
    }
  }

  /**
   * Waits for all threads, also when interrupted meanwhile: they use what the caller then frees.
   */
  private static void join(List<Thread> threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
