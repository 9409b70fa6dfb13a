package io.hdl.tracking.outbox;

import java.time.Duration;

/** The time by which an outbox has to be done, once somebody has said it. Thread-safe. */
final class FinishTime {
  private static final Duration CALL_LIMIT = Duration.ofSeconds(30);
  private static final Duration SHORTEST_CALL = Duration.ofMillis(200);

  private boolean set;
  private long by;

  /** Sets the time; the first call counts. */
  synchronized void within(Duration limit) {
    if (!set) {
      set = true;
      by = System.nanoTime() + limit.toNanos();
    }
  }

  synchronized boolean isSet() {
    return set;
  }

  synchronized boolean isOver() {
    return set && System.nanoTime() - by >= 0;
  }

  /** What a call may take. */
  synchronized Duration forCall() {
    if (!set) {
      return CALL_LIMIT;
    }
    Duration left = Duration.ofNanos(by - System.nanoTime());
    if (left.compareTo(SHORTEST_CALL) < 0) {
      return SHORTEST_CALL;
    }
    return left.compareTo(CALL_LIMIT) < 0 ? left : CALL_LIMIT;
  }

  /** What is left in nanoseconds, at most a bound. */
  synchronized long left(long bound) {
    return set ? Math.max(0, Math.min(bound, by - System.nanoTime())) : bound;
  }
}
