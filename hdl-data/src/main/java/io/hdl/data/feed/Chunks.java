package io.hdl.data.feed;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Numbers from 0, cut into chunks of one size for several threads to work on. Immutable and
 * thread-safe.
 */
public final class Chunks {
  /** The work of one thread. */
  @FunctionalInterface
  public interface Worker {
    /** Works on a chunk: the numbers from one to before another. */
    void work(int chunk, int from, int end);
  }

  /** Makes the worker of each thread; called on the thread that starts them. */
  @FunctionalInterface
  public interface Workers {
    /** The worker of a thread, numbered from 0. */
    Worker worker(int thread);
  }

  private static final AtomicInteger POOLS = new AtomicInteger();

  private final int numbers;
  private final int size;

  private Chunks(int numbers, int size) {
    this.numbers = numbers;
    this.size = size;
  }

  /**
   * Cuts the numbers below a count.
   *
   * @param size numbers in each chunk but perhaps the last, at least 1
   */
  public static Chunks of(int numbers, int size) {
    if (numbers < 0 || size < 1) {
      throw new IllegalArgumentException(
          "chunks: " + size + " of " + numbers + " numbers (expected: >= 1 of >= 0)");
    }
    return new Chunks(numbers, size);
  }

  /** Number of chunks. */
  public int count() {
    return (int) (((long) numbers + size - 1) / size);
  }

  /** Number of threads that work on them, at least 1. */
  public int threads(int wanted) {
    return Math.max(1, Math.min(wanted, count()));
  }

  /**
   * Works on all chunks and returns when the last thread has ended. A failure stops the others
   * after the chunk that they are at; of several the one of the first chunk is thrown, whatever the
   * threads.
   *
   * @param name what the threads' names begin with
   * @param wanted number of threads, the calling one included
   * @throws HdlException with {@link ErrorCode#CANCELLED} if the calling thread is interrupted
   *     while it waits for the others
   */
  @SuppressWarnings("UnnecessaryStringBuilder") // see below
  public void run(String name, int wanted, Workers workers) {
    Run run = new Run();
    int threads = threads(wanted);
    int pool = threads > 1 ? POOLS.incrementAndGet() : 0;
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      // No joined text and no lambda: the first of either costs a fresh JVM 10 ms and more.
      StringBuilder full = new StringBuilder(name).append('-').append(pool).append('-').append(i);
      Thread thread = new Thread(new Share(run, workers.worker(i)), full.toString());
      thread.setDaemon(true);
      others.add(thread);
    }
    Share own = new Share(run, workers.worker(0));
    for (Thread thread : others) {
      thread.start();
    }
    own.run();
    run.join(name, others);
    run.throwFailure();
  }

  /** What the threads of one call share. */
  private static final class Run {
    private final AtomicInteger next = new AtomicInteger();
    private volatile @Nullable Throwable failure;
    private int failedChunk = Integer.MAX_VALUE;

    synchronized void failed(int chunk, Throwable thrown) {
      if (chunk < failedChunk) {
        failedChunk = chunk;
        failure = thrown;
      }
    }

    /** Waits for all of them, also when interrupted: they use what the caller then frees. */
    void join(String name, List<Thread> threads) {
      boolean interrupted = false;
      for (Thread thread : threads) {
        while (thread.isAlive()) {
          try {
            thread.join();
          } catch (InterruptedException e) {
            interrupted = true;
            failed(
                Integer.MAX_VALUE - 1,
                new HdlException(
                    ErrorCode.CANCELLED,
                    "The work of the threads " + name + " was interrupted.",
                    e));
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    synchronized void throwFailure() {
      if (failure instanceof RuntimeException runtime) {
        throw runtime;
      }
      if (failure instanceof Error error) {
        throw error;
      }
    }
  }

  /** What one thread does. */
  private final class Share implements Runnable {
    private final Run run;
    private final Worker worker;

    Share(Run run, Worker worker) {
      this.run = run;
      this.worker = worker;
    }

    @Override
    public void run() {
      while (run.failure == null) {
        int chunk = run.next.getAndIncrement();
        if (chunk < 0 || chunk >= count()) {
          return;
        }
        int from = chunk * size;
        try {
          worker.work(chunk, from, (int) Math.min(numbers, (long) from + size));
        } catch (RuntimeException | Error e) {
          run.failed(chunk, e);
        }
      }
    }
  }
}
