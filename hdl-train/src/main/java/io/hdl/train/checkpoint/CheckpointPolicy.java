package io.hdl.train.checkpoint;

import java.time.Duration;
import java.util.Objects;

/**
 * When checkpoints are written and how many are kept. A value. One is written at the end of each
 * epoch in any case, and between two steps as soon as the job is told to stop (a cancellation,
 * SIGTERM, Ctrl-C). The weights of the best epoch are kept apart from the latest states.
 *
 * @param every the time after which one is written within an epoch, unless the one before is still
 *     being written
 * @param keepLast how many of the latest are kept, at least 1
 */
public record CheckpointPolicy(Duration every, int keepLast) {
  /** Checks the ranges. */
  public CheckpointPolicy {
    Objects.requireNonNull(every, "every");
    if (every.isNegative() || every.isZero()) {
      throw new IllegalArgumentException("every: " + every + " (expected: more than nothing)");
    }
    if (keepLast < 1) {
      throw new IllegalArgumentException("keepLast: " + keepLast + " (expected: >= 1)");
    }
  }

  /** Every ten minutes; the last two are kept, so that a damaged one does not cost the run. */
  public static CheckpointPolicy defaults() {
    return new CheckpointPolicy(Duration.ofMinutes(10), 2);
  }
}
