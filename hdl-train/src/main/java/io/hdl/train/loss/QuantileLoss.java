package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The pinball loss: max(q e, (q - 1) e) for e = label - output, the mean over quantiles. */
record QuantileLoss(List<Double> quantiles) implements Loss {
  QuantileLoss {
    quantiles = List.copyOf(quantiles);
  }

  /** The levels as a list. */
  static List<Double> checked(double... levels) {
    for (int i = 0; i < levels.length; i++) {
      boolean ascending = i == 0 || levels[i] > levels[i - 1];
      if (!(levels[i] > 0 && levels[i] < 1) || !ascending) {
        throw new IllegalArgumentException(
            "quantiles: "
                + Arrays.toString(levels)
                + " (expected: ascending numbers between 0 and 1)");
      }
    }
    if (levels.length == 0) {
      throw new IllegalArgumentException("quantiles: [] (expected: at least one number)");
    }
    return Arrays.stream(levels).boxed().toList();
  }

  /** The numbers of a list such as {@code 0.1, 0.9}; of an empty one none. */
  static double[] numbers(String list) {
    if (list.isBlank()) {
      return new double[0];
    }
    return Arrays.stream(list.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  @Override
  public String name() {
    return quantiles.stream()
        .map(String::valueOf)
        .collect(Collectors.joining(", ", "quantiles(", ")"));
  }

  @Override
  public int outputs() {
    return quantiles.size();
  }

  @Override
  public NDArray sum(LossTensors tensors) {
    float[] levels = new float[quantiles.size()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = quantiles.get(i).floatValue();
    }
    NDArray level = OwnedArrays.of(tensors.output().getManager(), levels);
    NDArray error = tensors.label().expandDims(2).sub(tensors.output());
    NDArray pinball = NDArrays.maximum(error.mul(level), error.mul(level.sub(1)));
    NDArray sum = tensors.weightedSum(pinball);
    return sum.mul(OwnedArrays.number(1.0 / levels.length, sum));
  }

  /** Quantiles that cross are put in order (Chernozhukov et al., 2010). */
  @Override
  public void forecast(
      float[] output, int at, float location, float scale, float[] values, int to) {
    int count = quantiles.size();
    for (int q = 0; q < count; q++) {
      values[to + 1 + q] = output[at + q] * scale + location;
    }
    Arrays.sort(values, to + 1, to + 1 + count);
    values[to] = values[to + 1 + nearestToMedian()];
  }

  private int nearestToMedian() {
    int nearest = 0;
    for (int i = 1; i < quantiles.size(); i++) {
      if (Math.abs(quantiles.get(i) - 0.5) < Math.abs(quantiles.get(nearest) - 0.5)) {
        nearest = i;
      }
    }
    return nearest;
  }
}
