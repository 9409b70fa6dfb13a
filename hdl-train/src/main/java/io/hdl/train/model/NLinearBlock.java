package io.hdl.train.model;

import ai.djl.ndarray.NDArray;

/** NLinear's forward pass. */
final class NLinearBlock extends ForecastBlock {
  private final Layer linear;

  NLinearBlock(NLinear model, WindowShape window, long seed) {
    super(window, model.centering(), seed);
    linear = layer("linear", window.context(), window.horizon() * window.outputs());
  }

  @Override
  NDArray forecast(ForecastInputs inputs, Pass pass) {
    return linear.apply(inputs.target(), pass);
  }
}
