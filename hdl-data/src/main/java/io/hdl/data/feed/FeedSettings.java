package io.hdl.data.feed;

import io.hdl.core.job.Cancellation;
import io.hdl.core.job.JobContext;

/**
 * How a feed works ahead; none of it changes what the batches hold or their order. A value.
 *
 * @param threads threads that fill batches
 * @param depth batches in the ring: one is read while the others are filled
 * @param check called before each batch and now and then while the consumer waits, to throw if the
 *     work shall end; must not block
 */
public record FeedSettings(int threads, int depth, Runnable check) {
  private static final int MOST_THREADS = 4;

  /** Checks the numbers. */
  public FeedSettings {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
    if (depth < 2) {
      throw new IllegalArgumentException(
          "depth: " + depth + " (expected: >= 2, one batch to read and one to fill)");
    }
  }

  /**
   * What suits a machine: one thread for every four host threads, at least one and at most four,
   * and two batches more than threads.
   *
   * @param hostThreads threads that read and decode data, see {@link
   *     io.hdl.core.environment.HybridEnvironment#hostThreads}
   */
  public static FeedSettings forHost(int hostThreads) {
    int threads = Math.max(1, Math.min(MOST_THREADS, hostThreads / 4));
    return new FeedSettings(threads, threads + 2, () -> {});
  }

  /** What suits this machine, outside a job. */
  public static FeedSettings defaults() {
    return forHost(Runtime.getRuntime().availableProcessors());
  }

  /** What suits a job: its host's threads, and an end when it is cancelled. */
  public static FeedSettings of(JobContext context) {
    return forHost(context.environment().hostThreads()).cancelledBy(context.cancellation());
  }

  /** With another number of threads. */
  public FeedSettings threads(int number) {
    return new FeedSettings(number, depth, check);
  }

  /** With another number of batches. */
  public FeedSettings depth(int batches) {
    return new FeedSettings(threads, batches, check);
  }

  /** Ended by a request to cancel, besides what ends it already. */
  public FeedSettings cancelledBy(Cancellation cancellation) {
    Runnable before = check;
    return new FeedSettings(
        threads,
        depth,
        () -> {
          before.run();
          cancellation.throwIfRequested();
        });
  }
}
