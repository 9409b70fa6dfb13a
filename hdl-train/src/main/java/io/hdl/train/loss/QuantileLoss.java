package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import java.util.List;
import java.util.stream.Collectors;

/** The pinball loss: max(q e, (q - 1) e) for e = label - output, the mean over quantiles. */
record QuantileLoss(List<Double> quantiles) implements Loss {
  QuantileLoss {
    quantiles = List.copyOf(quantiles);
  }

  @Override
  public String name() {
    return quantiles.stream()
        .map(String::valueOf)
        .collect(Collectors.joining(", ", "quantiles(", ")"));
  }

  @Override
  public NDArray sum(NDArray output, NDArray label, NDArray weight) {
    float[] levels = new float[quantiles.size()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = quantiles.get(i).floatValue();
    }
    NDArray level = output.getManager().create(levels);
    NDArray error = label.expandDims(2).sub(output);
    NDArray pinball = NDArrays.maximum(error.mul(level), error.mul(level.sub(1)));
    return pinball.mul(weight.expandDims(2)).sum().div(levels.length);
  }
}
