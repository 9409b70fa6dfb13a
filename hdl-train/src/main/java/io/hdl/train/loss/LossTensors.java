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
 * @param weights what is known of the weights
 */
public record LossTensors(
    NDArray output,
    NDArray label,
    NDArray weight,
    NDArray location,
    NDArray scale,
    IntUnaryOperator series,
    Weights weights) {
  /** What is known of weights without looking at them. */
  public enum Weights {
    /** They may differ, and labels may be missing. */
    ANY,
    /** All labels are observed and count 1. */
    ONES
  }

  /** Tensors with weights of which nothing is known. */
  public LossTensors(
      NDArray output,
      NDArray label,
      NDArray weight,
      NDArray location,
      NDArray scale,
      IntUnaryOperator series) {
    this(output, label, weight, location, scale, series, Weights.ANY);
  }

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

  /**
   * Errors of a model with one output, {@code [batch, horizon, 1]}: the output less the label. The
   * label gets the output's axis, as what is done to the output is done again in the backward pass.
   */
  NDArray errors() {
    return output.sub(label.expandDims(2));
  }

  /**
   * The weighted sum of losses.
   *
   * @param losses {@code [batch, horizon, any]}
   */
  NDArray weightedSum(NDArray losses) {
    return weights == Weights.ONES ? losses.sum() : losses.mul(weight.expandDims(2)).sum();
  }

  /** The same tensors with other weights. */
  LossTensors weighing(NDArray other) {
    return new LossTensors(output, label, other, location, scale, series);
  }
}
