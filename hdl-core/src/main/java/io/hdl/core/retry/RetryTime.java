package io.hdl.core.retry;

import java.time.Duration;
import java.time.Instant;

/** The time that a {@link RetryPolicy} lives in: the machine's own, or a test's. Thread-safe. */
public interface RetryTime {
  /** Nanoseconds of a clock that never runs backwards; its origin means nothing. */
  long nanoTime();

  /** The wall clock. */
  Instant now();

  /** Waits, unless the thread is interrupted. */
  void sleep(Duration duration) throws InterruptedException;

  /** The time of this machine. */
  static RetryTime system() {
    return SystemTime.INSTANCE;
  }
}
