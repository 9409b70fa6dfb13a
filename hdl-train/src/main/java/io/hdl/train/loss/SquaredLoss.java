package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import java.util.List;

record SquaredLoss() implements Loss {
  @Override
  public String name() {
    return "mse";
  }

  @Override
  public List<Double> quantiles() {
    return List.of();
  }

  @Override
  public NDArray sum(NDArray output, NDArray label, NDArray weight) {
    return output.squeeze(2).sub(label).square().mul(weight).sum();
  }
}
