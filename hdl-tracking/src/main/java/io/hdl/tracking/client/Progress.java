package io.hdl.tracking.client;

import java.time.Duration;

/** When bytes of a request or its answer last moved. Thread-safe. */
final class Progress {
  private volatile long moved = System.nanoTime();
  private volatile long bytes;

  /** Notes that bytes moved; called by one thread at a time. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time: bodies move in order
  void moved(long count) {
    bytes += count;
    moved = System.nanoTime();
  }

  /** Whether any byte of a body moved. */
  boolean any() {
    return bytes > 0;
  }

  /** The time that is left until nothing has moved for this long. */
  long nanosLeft(Duration idle) {
    return idle.toNanos() - (System.nanoTime() - moved);
  }
}
