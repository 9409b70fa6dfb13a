package io.hdl.data.series;

import io.hdl.data.feed.BatchFeed;
import io.hdl.data.feed.BatchPlan;
import io.hdl.data.feed.FeedSettings;
import io.hdl.data.feed.Lease;

/**
 * Batches of windows, gathered ahead of the consumer by threads of the feed's own, named {@code
 * hdl-feed-windows-…}. What a batch holds depends on windows, order and plan alone, never on the
 * number of threads or the depth of the ring. A batch is not filled again before its lease is
 * closed; nothing but the lease is allocated per batch.
 *
 * <pre>{@code
 * try (WindowFeed feed = WindowFeed.open(windows, windows.order(seed, epoch), 1024, scaler)) {
 *   while (feed.hasNext()) {
 *     try (Lease<WindowBatch> lease = feed.next()) {
 *       WindowBatch batch = lease.batch();
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>Belongs to one thread, which closes it before the store; any thread may close a lease.
 */
public final class WindowFeed implements AutoCloseable {
  private final BatchFeed<WindowBatch> ring;
  private final Scaler scaler;

  private WindowFeed(BatchFeed<WindowBatch> ring, Scaler scaler) {
    this.ring = ring;
    this.scaler = scaler;
  }

  /** One pass over all positions of an order, with what suits this machine. */
  public static WindowFeed open(Windows windows, WindowOrder order, int batchSize, Scaler scaler) {
    return open(
        windows, order, BatchPlan.of(order.size(), batchSize), scaler, FeedSettings.defaults());
  }

  /** One pass over a plan's share of an order. */
  public static WindowFeed open(
      Windows windows, WindowOrder order, BatchPlan plan, Scaler scaler, FeedSettings settings) {
    WindowFeed feed = idle(windows, plan.capacity(), scaler, settings);
    try {
      feed.begin(windows, order, plan);
      return feed;
    } catch (RuntimeException | Error e) {
      feed.close();
      throw e;
    }
  }

  /**
   * A feed without a pass, to serve several passes with the same memory and threads.
   *
   * @param like windows with the store, context and horizon of all passes
   * @param capacity most windows that a batch of any pass has
   */
  public static WindowFeed idle(Windows like, int capacity, Scaler scaler, FeedSettings settings) {
    return new WindowFeed(
        BatchFeed.open("windows", settings, () -> WindowBatch.allocate(capacity, like)), scaler);
  }

  /**
   * Begins a pass; what is left of the one before is abandoned.
   *
   * @param windows windows with the store, context and horizon that the feed was opened for
   * @throws IllegalStateException if a lease is open
   */
  public void begin(Windows windows, WindowOrder order, BatchPlan plan) {
    if (plan.positions() > order.size() || order.size() != windows.size()) {
      throw new IllegalArgumentException(
          "windows, order, plan: "
              + windows.size()
              + ", "
              + order.size()
              + ", "
              + plan.positions()
              + " positions (expected: an order of these windows and a plan within it)");
    }
    ring.begin(
        plan.firstBatch(),
        plan.batches(),
        (number, batch) ->
            windows.gather(order, plan.position(number), plan.count(number), scaler, batch));
  }

  /** Whether the pass has another batch. */
  public boolean hasNext() {
    return ring.hasNext();
  }

  /** Number of the batch of the pass that comes next, or one past the last. */
  public long position() {
    return ring.position();
  }

  /**
   * The next batch of the pass, waited for if it is not filled yet.
   *
   * @throws java.util.NoSuchElementException if there is none
   * @throws IllegalStateException if as many leases are open as the ring has batches
   * @throws io.hdl.core.error.HdlException with {@code CANCELLED} if the work was cancelled; what
   *     gathering threw comes out as it is
   */
  public Lease<WindowBatch> next() {
    return ring.next();
  }

  /** How long the consumer has waited for batches since the feed was opened, in nanoseconds. */
  public long waitedNanos() {
    return ring.waitedNanos();
  }

  /** Ends the feed's threads and waits for them. Idempotent. */
  @Override
  public void close() {
    ring.close();
  }
}
