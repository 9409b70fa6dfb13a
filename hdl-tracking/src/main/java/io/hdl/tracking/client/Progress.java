package io.hdl.tracking.client;

import java.time.Duration;

/** When bytes of a request or its answer last moved. Thread-safe. */
final class Progress {
  /** What Linux holds of a connection at most, unless told otherwise. */
  private static final long MOST_HELD = 4L << 20;

  /** Bytes per second, below which a link counts as broken where nobody can see it move. */
  private static final long SLOWEST_LINK = 64L << 10;

  /** Bytes per second. */
  private static final long SLOWEST_STORE = 4L << 20;

  private volatile long moved = System.nanoTime();
  private volatile long bytes;
  private volatile long extra;

  /** A request begins. */
  void begin() {
    extra = 0;
    moved = System.nanoTime();
  }

  /** Notes that bytes moved; called by one thread at a time. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time: bodies move in order
  void moved(long count) {
    bytes += count;
    moved = System.nanoTime();
  }

  /**
   * Notes that all bytes were handed over: what the system still holds is on its way unseen, and
   * whoever gets it may have to store it elsewhere before it answers.
   */
  void handedOver(long length) {
    extra =
        Duration.ofMillis(
                Math.min(length, MOST_HELD) * 1000 / SLOWEST_LINK + length * 1000 / SLOWEST_STORE)
            .toNanos();
  }

  /** Whether any byte of a body moved. */
  boolean any() {
    return bytes > 0;
  }

  /** The time that is left until nothing has moved for this long. */
  long nanosLeft(Duration idle) {
    return idle.toNanos() + extra - (System.nanoTime() - moved);
  }
}
