package io.hdl.train.parallel;

import java.util.OptionalInt;

/**
 * How far the bits of a training are independent of where it runs. A value.
 *
 * @param microBatches micro-batches per step, a power of two; empty for one per replica
 */
public record Determinism(OptionalInt microBatches) {
  private static final Determinism FASTEST = new Determinism(OptionalInt.empty());

  /** Checks the number. */
  public Determinism {
    microBatches.ifPresent(
        count -> {
          if (count < 1 || Integer.bitCount(count) != 1) {
            throw new IllegalArgumentException(
                "micro-batches: " + count + " (expected: a power of two)");
          }
        });
  }

  /**
   * One micro-batch per replica and step: the same bits on the same devices with the same number of
   * replicas and host-side threads.
   */
  public static Determinism fastest() {
    return FASTEST;
  }

  /**
   * A fixed number of micro-batches per step, whose gradients are summed in a fixed order: the same
   * bits on 1, 2, 4, ... up to that many replicas of one kind of device.
   *
   * @param microBatches micro-batches per step, a power of two
   */
  public static Determinism portable(int microBatches) {
    return new Determinism(OptionalInt.of(microBatches));
  }

  @Override
  public String toString() {
    return microBatches.isPresent() ? "portable(" + microBatches.getAsInt() + ")" : "fastest";
  }
}
