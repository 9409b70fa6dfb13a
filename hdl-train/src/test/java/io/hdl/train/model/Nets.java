package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** Random inputs for models, and weights by name, for tests. */
final class Nets {
  private Nets() {}

  static ForecastInputs inputs(WindowShape window, int batch, long seed, NDManager manager) {
    SplittableRandom random = new SplittableRandom(seed);
    Shape[] shapes = ForecastInputs.shapes(window, batch);
    NDList list = new NDList();
    for (int i = 0; i < shapes.length; i++) {
      float[] values = new float[Math.toIntExact(shapes[i].size())];
      for (int k = 0; k < values.length; k++) {
        values[k] = i == 1 ? 1 : (float) random.nextDouble(-1, 1);
      }
      list.add(values.length == 0 ? manager.zeros(shapes[i]) : manager.create(values, shapes[i]));
    }
    return ForecastInputs.of(list);
  }

  static NDArray forward(Block block, FlatParameters parameters, ForecastInputs inputs) {
    return block.forward(parameters.reading(), inputs.toList(), false).singletonOrThrow();
  }

  /** The weights in double, by name, as they lie in the flat buffer. */
  static Map<String, double[]> weights(FlatParameters parameters) {
    float[] flat = parameters.toArray();
    Map<String, double[]> byName = new HashMap<>();
    int offset = 0;
    for (Map.Entry<String, Shape> entry : parameters.shapes().entrySet()) {
      double[] values = new double[Math.toIntExact(entry.getValue().size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = flat[offset++];
      }
      byName.put(entry.getKey(), values);
    }
    return byName;
  }

  /** {@code weight x + bias} in double. */
  static double[] linear(Map<String, double[]> weights, String layer, double[] x) {
    double[] weight = Objects.requireNonNull(weights.get(layer + ".weight"));
    double[] bias = Objects.requireNonNull(weights.get(layer + ".bias"));
    double[] y = bias.clone();
    for (int o = 0; o < y.length; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += weight[o * x.length + i] * x[i];
      }
    }
    return y;
  }
}
