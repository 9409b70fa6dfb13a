package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;

record SquaredLoss() implements Loss {
  @Override
  public String name() {
    return "mse";
  }

  @Override
  public NDArray sum(LossTensors tensors) {
    NDArray error = tensors.output().squeeze(2).sub(tensors.label());
    return error.square().mul(tensors.weight()).sum();
  }
}
