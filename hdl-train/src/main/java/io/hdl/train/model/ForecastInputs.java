package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;

/**
 * What a model reads, as the five arrays of a Block's input in this order. All values are scaled;
 * what is missing is filled and never NaN.
 *
 * @param target {@code [batch, context]}; a gap holds the mean of the window's observed values
 * @param observed {@code [batch, context]}; 1 where the target is observed, else 0
 * @param past {@code [batch, context, pastFeatures]}: covariates over the context
 * @param known {@code [batch, horizon, knownFeatures]}: covariates known ahead over the horizon
 * @param constants {@code [batch, constants]}
 */
public record ForecastInputs(
    NDArray target, NDArray observed, NDArray past, NDArray known, NDArray constants) {
  /** The view of a Block's input. */
  public static ForecastInputs of(NDList list) {
    return new ForecastInputs(list.get(0), list.get(1), list.get(2), list.get(3), list.get(4));
  }

  /** The arrays as a Block's input. */
  public NDList toList() {
    return new NDList(target, observed, past, known, constants);
  }

  /** The shapes of a Block's input for a batch. */
  public static Shape[] shapes(WindowShape window, int batch) {
    return new Shape[] {
      new Shape(batch, window.context()),
      new Shape(batch, window.context()),
      new Shape(batch, window.context(), window.pastFeatures()),
      new Shape(batch, window.horizon(), window.knownFeatures()),
      new Shape(batch, window.constants())
    };
  }
}
