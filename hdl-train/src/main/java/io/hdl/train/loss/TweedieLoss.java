package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;

/**
 * Half the deviance of a Tweedie distribution with mean mu = scale exp(output) and a power p
 * between 1 and 2, without the terms that the model has no part in: (mu^(2-p) / (2-p) - y mu^(1-p)
 * / (1-p)) / scale, with y in its own unit.
 */
record TweedieLoss(double power) implements Loss {
  TweedieLoss {
    Arguments.require(power > 1 && power < 2, "power", power, "above 1 and below 2");
  }

  @Override
  public String name() {
    return "tweedie(" + power + ")";
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
    NDArray logMean = tensors.output().squeeze(2).add(tensors.scale().log());
    NDArray volume =
        logMean
            .mul(OwnedArrays.number(2 - power, logMean))
            .exp()
            .div(OwnedArrays.number(2 - power, logMean));
    NDArray share =
        tensors
            .unscaledLabel()
            .mul(logMean.mul(OwnedArrays.number(1 - power, logMean)).exp())
            .div(OwnedArrays.number(1 - power, logMean));
    return volume.sub(share).div(tensors.scale()).mul(tensors.weight()).sum();
  }

  @Override
  public void forecast(
      float[] output, int at, float location, float scale, float[] values, int to) {
    values[to] = (float) Math.exp(output[at]) * scale;
  }
}
