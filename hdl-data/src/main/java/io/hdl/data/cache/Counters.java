package io.hdl.data.cache;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a tier does. Thread-safe. */
final class Counters {
  final LongAdder hits = new LongAdder();
  final LongAdder misses = new LongAdder();
  final LongAdder bytesRead = new LongAdder();
  final LongAdder bytesWritten = new LongAdder();
  final LongAdder waitedNanos = new LongAdder();
  final LongAdder evictions = new LongAdder();
  final LongAdder corrupt = new LongAdder();
  final LongAdder failures = new LongAdder();

  TierStatistics snapshot() {
    return new TierStatistics(
        hits.sum(),
        misses.sum(),
        bytesRead.sum(),
        bytesWritten.sum(),
        Duration.ofNanos(waitedNanos.sum()),
        evictions.sum(),
        corrupt.sum(),
        failures.sum());
  }
}
