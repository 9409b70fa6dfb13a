package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import java.util.function.IntUnaryOperator;

/**
 * What a loss is computed from, all on one device.
 *
 * @param output what the model gave, {@code [batch, horizon, outputs]}
 * @param label the scaled target, {@code [batch, horizon]}; 0 where not observed
 * @param weight how much a label counts, {@code [batch, horizon]}; 0 where not observed
 * @param location what was taken off the target, {@code [batch, 1]}
 * @param scale what the rest was divided by, {@code [batch, 1]}
 * @param series gives the number of the series of a row of the batch
 */
public record LossTensors(
    NDArray output,
    NDArray label,
    NDArray weight,
    NDArray location,
    NDArray scale,
    IntUnaryOperator series) {
  /** Tensors of rows of which nobody knows the series: not for losses that weigh series. */
  public LossTensors(
      NDArray output, NDArray label, NDArray weight, NDArray location, NDArray scale) {
    this(output, label, weight, location, scale, LossTensors::unknown);
  }

  private static int unknown(int row) {
    throw new IllegalStateException("series of row " + row + " (expected: to be given)");
  }

  /** The target in its own unit, {@code [batch, horizon]}; the location where not observed. */
  public NDArray unscaledLabel() {
    return label.mul(scale).add(location);
  }

  /** The same tensors with other weights. */
  LossTensors weighing(NDArray other) {
    return new LossTensors(output, label, other, location, scale, series);
  }
}
