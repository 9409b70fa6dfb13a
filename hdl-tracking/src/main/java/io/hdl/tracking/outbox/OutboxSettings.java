package io.hdl.tracking.outbox;

import java.time.Clock;
import java.time.Duration;

/**
 * How much an outbox may hold, and how patient it is.
 *
 * @param maxQueued metric values that may wait for the disk before they are thinned
 * @param maxBytes size of the log's folder from which on delivered parts are removed, and metrics
 *     thinned if that does not suffice
 * @param segmentBytes size from which on a new file of the log is begun
 * @param gather how long items gather before fewer than a batch of them are sent
 * @param clock the present time
 */
public record OutboxSettings(
    int maxQueued, long maxBytes, int segmentBytes, Duration gather, Clock clock) {
  private static final long GIB = 1L << 30;

  /** Checks the bounds. */
  public OutboxSettings {
    require(maxQueued >= 2, "maxQueued", maxQueued, ">= 2");
    require(segmentBytes >= 1024, "segmentBytes", segmentBytes, ">= 1024");
    require(maxBytes >= 4L * segmentBytes, "maxBytes", maxBytes, ">= 4 segments");
    require(!gather.isNegative(), "gather", gather, ">= 0");
  }

  /** 262,144 values, 1 GiB in files of 8 MiB, half a second. */
  public static OutboxSettings defaults() {
    return new OutboxSettings(1 << 18, GIB, 8 << 20, Duration.ofMillis(500), Clock.systemUTC());
  }

  /** The same with another bound of the log's folder. */
  public OutboxSettings withMaxBytes(long bytes) {
    int segment = (int) Math.min(segmentBytes, Math.max(1024, bytes / 16));
    return new OutboxSettings(maxQueued, bytes, segment, gather, clock);
  }

  /** The same with another clock. */
  public OutboxSettings withClock(Clock other) {
    return new OutboxSettings(maxQueued, maxBytes, segmentBytes, gather, other);
  }

  /** The same with another time to gather. */
  public OutboxSettings withGather(Duration other) {
    return new OutboxSettings(maxQueued, maxBytes, segmentBytes, other, clock);
  }

  private static void require(boolean holds, String what, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(what + ": " + value + " (expected: " + expected + ")");
    }
  }
}
