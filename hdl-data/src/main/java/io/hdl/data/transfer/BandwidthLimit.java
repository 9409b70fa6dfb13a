package io.hdl.data.transfer;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryTime;
import java.time.Duration;

/**
 * A share of the link that any number of fetchers keep to together: over any second or more, at
 * most so many bytes per second and what two reads bring. Thread-safe.
 */
public final class BandwidthLimit {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** What was not used before counts for so long. */
  private static final long SLACK = SECOND / 20;

  private final long bytesPerSecond;
  private final RetryTime time;
  private long paidUntil;

  private BandwidthLimit(long bytesPerSecond, RetryTime time) {
    this.bytesPerSecond = bytesPerSecond;
    this.time = time;
    paidUntil = time.nanoTime();
  }

  /** A limit in bytes per second. */
  public static BandwidthLimit bytesPerSecond(long bytes) {
    return bytesPerSecond(bytes, RetryTime.system());
  }

  static BandwidthLimit bytesPerSecond(long bytes, RetryTime time) {
    if (bytes < 1) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT, "bytesPerSecond: " + bytes + " (expected: >= 1)");
    }
    return new BandwidthLimit(bytes, time);
  }

  /** The limit. */
  public long bytesPerSecond() {
    return bytesPerSecond;
  }

  /** Says that so many bytes were read, and waits until more may be. */
  void used(long bytes) throws InterruptedException {
    long wait = book(bytes);
    if (wait > 0) {
      time.sleep(Duration.ofNanos(wait));
    }
  }

  private synchronized long book(long bytes) {
    long now = time.nanoTime();
    long from = Math.max(now - SLACK, paidUntil);
    paidUntil = from + (long) (bytes * ((double) SECOND / bytesPerSecond));
    return paidUntil - now;
  }

  @Override
  public String toString() {
    return bytesPerSecond + " bytes/s";
  }
}
