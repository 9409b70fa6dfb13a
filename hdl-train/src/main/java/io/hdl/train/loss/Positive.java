package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;

/** Outputs that stand for positive numbers: softplus, {@code log(1 + exp(x))}, and a floor. */
final class Positive {
  private Positive() {}

  static NDArray of(NDArray output, double floor) {
    return Activation.softPlus(output).add(floor);
  }

  static double of(double output, double floor) {
    // As PyTorch does it: the exponential of a large number must not overflow.
    return (output > 20 ? output : Math.log1p(Math.exp(output))) + floor;
  }
}
