package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;

/**
 * What a loss is computed from, all on one device.
 *
 * @param output what the model gave, {@code [batch, horizon, outputs]}
 * @param label the scaled target, {@code [batch, horizon]}; 0 where not observed
 * @param weight how much a label counts, {@code [batch, horizon]}; 0 where not observed
 * @param location what was taken off the target, {@code [batch, 1]}
 * @param scale what the rest was divided by, {@code [batch, 1]}
 */
public record LossTensors(
    NDArray output, NDArray label, NDArray weight, NDArray location, NDArray scale) {
  /** The target in its own unit, {@code [batch, horizon]}; the location where not observed. */
  public NDArray unscaledLabel() {
    return label.mul(scale).add(location);
  }
}
