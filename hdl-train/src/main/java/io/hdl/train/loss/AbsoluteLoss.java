package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;

record AbsoluteLoss() implements Loss {
  @Override
  public String name() {
    return "mae";
  }

  @Override
  public NDArray sum(LossTensors tensors) {
    return tensors.weightedSum(tensors.errors().abs());
  }
}
