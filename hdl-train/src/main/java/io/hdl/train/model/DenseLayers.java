package io.hdl.train.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import io.hdl.train.model.ForecastBlock.Layer;
import io.hdl.train.model.ForecastBlock.Pass;
import java.util.List;

/**
 * Linear layers with ReLU between them as one native call: a TorchScript module whose source,
 * {@code dense_layers.py}, lies beside its archive. What is bfloat16 in it stays in it, as DJL's
 * own casts to that type end the JVM.
 */
final class DenseLayers {
  private DenseLayers() {}

  /** Loaded once per process, for all devices. */
  private static final class Functions {
    static final TorchFunctions LOADED =
        new TorchFunctions(
            DenseLayers.class,
            "dense_layers.pt",
            Engine.getEngine("PyTorch").newBaseManager(Device.cpu()));
  }

  /**
   * The last layer's output, {@code [..., outputs]}, without ReLU.
   *
   * @param input {@code [..., inputs]}
   * @param layers at least one
   */
  static NDArray apply(NDArray input, List<Layer> layers, Pass pass) {
    return apply(input, layers, 0, pass);
  }

  /**
   * The last layer's output without its first values, which are not computed.
   *
   * @param leftOut how many
   */
  static NDArray apply(NDArray input, List<Layer> layers, int leftOut, Pass pass) {
    NDList weights = new NDList(layers.size());
    NDList biases = new NDList(layers.size());
    for (Layer layer : layers) {
      weights.add(pass.of(layer.weight()));
      biases.add(pass.of(layer.bias()));
    }
    if (leftOut > 0) {
      int last = layers.size() - 1;
      NDIndex rest = new NDIndex(leftOut + ":");
      for (NDList list : List.of(weights, biases)) {
        NDArray kept = list.get(last).get(rest);
        // A weight may live longer than the pass.
        kept.attach(input.getManager());
        list.set(last, kept);
      }
    }
    return Functions.LOADED
        .apply(pass.bfloat16() ? "bfloat16" : "float32", input, weights, biases)
        .singletonOrThrow();
  }
}
