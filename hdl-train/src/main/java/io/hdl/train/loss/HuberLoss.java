package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;

/** Half the square up to delta, then straight: c (|e| - c / 2) with c = min(|e|, delta). */
record HuberLoss(double delta) implements Loss {
  HuberLoss {
    Arguments.require(
        delta > 0 && Double.isFinite(delta), "delta", delta, "a finite number above 0");
  }

  @Override
  public String name() {
    return "huber(" + delta + ")";
  }

  @Override
  public NDArray sum(LossTensors tensors) {
    NDArray error = tensors.errors().abs();
    NDArray core = NDArrays.minimum(error, OwnedArrays.number(delta, error));
    NDArray half = core.mul(OwnedArrays.number(0.5, core));
    return tensors.weightedSum(core.mul(error.sub(half)));
  }
}
