package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;

record AbsoluteLoss() implements Loss {
  @Override
  public String name() {
    return "mae";
  }

  @Override
  public NDArray sum(LossTensors tensors) {
    NDArray error = tensors.output().squeeze(2).sub(tensors.label());
    return error.abs().mul(tensors.weight()).sum();
  }
}
