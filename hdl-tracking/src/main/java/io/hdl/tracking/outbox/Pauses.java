package io.hdl.tracking.outbox;

import io.hdl.core.retry.TryLaterException;
import java.time.Duration;

/** How long to leave a destination alone that takes nothing: ever longer. Not thread-safe. */
final class Pauses {
  private static final Duration FIRST = Duration.ofMillis(500);

  private final Duration longest;
  private Duration next = FIRST;
  private long until;
  private boolean pausing;

  Pauses(Duration longest) {
    this.longest = longest;
  }

  /** It took something. */
  void reset() {
    next = FIRST;
    pausing = false;
  }

  /** It failed. */
  void failed(Throwable failure) {
    Duration asked = askedFor(failure);
    pausing = true;
    until = System.nanoTime() + (asked.compareTo(next) > 0 ? asked : next).toNanos();
    Duration longer = next.multipliedBy(2);
    next = longer.compareTo(longest) > 0 ? longest : longer;
  }

  /** Ends the present pause. */
  void end() {
    pausing = false;
  }

  /** What is left of the present pause in nanoseconds; 0 if there is none. */
  long left() {
    return pausing ? Math.max(0, until - System.nanoTime()) : 0;
  }

  /** How long the service asked to be left alone. */
  private static Duration askedFor(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TryLaterException later) {
        return later.retryAfter();
      }
    }
    return Duration.ZERO;
  }
}
