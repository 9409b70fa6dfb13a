package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;

/**
 * The negative log-likelihood of a Poisson distribution with mean mu = scale exp(output), without
 * the terms that the model has no part in: (mu - y log mu) / scale, with y in its own unit.
 */
record PoissonLoss() implements Loss {
  @Override
  public String name() {
    return "poisson";
  }

  /** None: the output is a logarithm. */
  @Override
  public int levelOutputs() {
    return 0;
  }

  @Override
  public Loss on(SeriesStore store, Split split) {
    NonNegative.require(name(), store, split);
    return this;
  }

  @Override
  public NDArray sum(LossTensors tensors) {
    NDArray output = tensors.output().squeeze(2);
    NDArray label = tensors.unscaledLabel().div(tensors.scale());
    NDArray logMean = output.add(tensors.scale().log());
    return output.exp().sub(label.mul(logMean)).mul(tensors.weight()).sum();
  }

  @Override
  public void forecast(
      float[] output, int at, float location, float scale, float[] values, int to) {
    values[to] = (float) Math.exp(output[at]) * scale;
  }
}
