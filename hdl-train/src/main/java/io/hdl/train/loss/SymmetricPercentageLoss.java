package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;

/**
 * The symmetric absolute percentage error as a fraction, 2 |y - f| / (|y| + |f|), on the target in
 * its own unit. Where both are nearly zero the sum below is kept at a thousandth of the scale, so
 * that the gradient stays finite.
 */
record SymmetricPercentageLoss() implements Loss {
  private static final float LEAST = 1e-3f;

  @Override
  public String name() {
    return "smape";
  }

  @Override
  public boolean hasUnit() {
    return false;
  }

  @Override
  public NDArray sum(LossTensors tensors) {
    NDArray offset = tensors.location().div(tensors.scale());
    NDArray label = tensors.label().add(offset);
    NDArray forecast = tensors.output().squeeze(2).add(offset);
    NDArray sizes = label.abs().add(forecast.abs());
    NDArray size = sizes.maximum(OwnedArrays.number(LEAST, sizes));
    NDArray sum = forecast.sub(label).abs().div(size).mul(tensors.weight()).sum();
    return sum.mul(OwnedArrays.number(2, sum));
  }
}
