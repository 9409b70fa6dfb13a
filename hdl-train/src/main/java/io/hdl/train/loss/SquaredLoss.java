package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;

record SquaredLoss() implements Loss {
  @Override
  public String name() {
    return "mse";
  }

  @Override
  public NDArray sum(LossTensors tensors) {
    return tensors.weightedSum(tensors.errors().square());
  }
}
