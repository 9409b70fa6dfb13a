package io.hdl.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import io.hdl.train.loss.LossTensors;
import io.hdl.train.loss.Losses;
import io.hdl.train.parallel.TorchEngine;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DLinearTest {
  private static final int BATCH = 3;
  private static final WindowShape WINDOW = new WindowShape(30, 4, 2, 1, 1, 3);

  /** The paper's formula in double: moving average with repeated ends, two linear maps. */
  private static double[] reference(DLinear model, Map<String, double[]> weights, float[] window) {
    int context = window.length;
    double level =
        switch (model.centering()) {
          case NONE -> 0;
          case LAST -> window[context - 1];
          case MEAN -> {
            double sum = 0;
            for (float value : window) {
              sum += value;
            }
            yield sum / context;
          }
          default -> throw new IllegalArgumentException("PyTorch is the reference of the others");
        };
    double[] trend = new double[context];
    double[] rest = new double[context];
    int half = model.kernel() / 2;
    for (int t = 0; t < context; t++) {
      for (int k = -half; k <= half; k++) {
        trend[t] += (window[Math.max(0, Math.min(context - 1, t + k))] - level) / model.kernel();
      }
      rest[t] = window[t] - level - trend[t];
    }
    double[] out = Nets.linear(weights, "seasonal", rest);
    double[] other = Nets.linear(weights, "trend", trend);
    for (int i = 0; i < out.length; i++) {
      out[i] += other[i] + level;
    }
    return out;
  }

  @ParameterizedTest
  @EnumSource(
      value = Centering.class,
      names = {"NONE", "LAST", "MEAN"})
  void agreesWithTheFormulaInDouble(Centering centering) {
    DLinear model = DLinear.defaults().kernel(7).centering(centering);
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      Block block = model.block(WINDOW, 11);
      try (FlatParameters parameters = new FlatParameters(block, WINDOW, manager)) {
        ForecastInputs inputs = Nets.inputs(WINDOW, BATCH, 3, manager);
        NDArray output = Nets.forward(block, parameters, inputs);
        assertThat(output.getShape().getShape()).containsExactly(BATCH, 4, 3);
        Map<String, double[]> weights = Nets.weights(parameters);
        for (int b = 0; b < BATCH; b++) {
          double[] expected = reference(model, weights, inputs.target().get(b).toFloatArray());
          float[] actual = output.get(b).toFloatArray();
          for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(2e-6));
          }
        }
      }
    }
  }

  @Test
  void hasTheGradientThatFiniteDifferencesOfTheFormulaGive() {
    DLinear model = DLinear.defaults().kernel(5);
    WindowShape window = new WindowShape(12, 2, 0, 0, 0, 1);
    Engine engine = TorchEngine.start();
    try (NDManager manager = engine.newBaseManager()) {
      Block block = model.block(window, 5);
      try (FlatParameters parameters = new FlatParameters(block, window, manager)) {
        ForecastInputs inputs = Nets.inputs(window, BATCH, 9, manager);
        float[] gradient;
        try (NDManager step = manager.newSubManager();
            GradientCollector collector = engine.newGradientCollector()) {
          inputs.target().tempAttach(step);
          FlatParameters.Leaves leaves = parameters.leaves(step);
          NDArray output = block.forward(leaves.store(), inputs.toList(), true).singletonOrThrow();
          NDArray label = step.zeros(new ai.djl.ndarray.types.Shape(BATCH, 2));
          NDArray one = step.ones(new ai.djl.ndarray.types.Shape(BATCH, 1));
          LossTensors tensors =
              new LossTensors(output, label, label.onesLike(), one.zerosLike(), one);
          collector.backward(Losses.mse().sum(tensors));
          gradient = leaves.gradient().toFloatArray();
        }
        Map<String, double[]> weights = Nets.weights(parameters);
        int offset = 0;
        for (String name : parameters.shapes().keySet()) {
          double[] values = Objects.requireNonNull(weights.get(name));
          for (int i = 0; i < values.length; i++) {
            double saved = values[i];
            values[i] = saved + 1e-4;
            double above = squares(model, weights, inputs);
            values[i] = saved - 1e-4;
            double below = squares(model, weights, inputs);
            values[i] = saved;
            assertThat((double) gradient[offset++])
                .as(name + "[" + i + "]")
                .isCloseTo((above - below) / 2e-4, within(1e-4));
          }
        }
        assertThat(offset).isEqualTo(gradient.length);
      }
    }
  }

  private static double squares(
      DLinear model, Map<String, double[]> weights, ForecastInputs inputs) {
    double sum = 0;
    for (int b = 0; b < BATCH; b++) {
      for (double value : reference(model, weights, inputs.target().get(b).toFloatArray())) {
        sum += value * value;
      }
    }
    return sum;
  }

  @Test
  void drawsItsFirstWeightsFromTheSeedAsPyTorchDoes() {
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      float[] first = weights(manager, 1);
      assertThat(weights(manager, 1)).containsExactly(first);
      assertThat(weights(manager, 2)).isNotEqualTo(first);
      double bound = 1 / Math.sqrt(WINDOW.context());
      double largest = 0;
      for (float weight : first) {
        largest = Math.max(largest, Math.abs(weight));
      }
      assertThat(largest).isBetween(0.95 * bound, bound);
    }
  }

  private static float[] weights(NDManager manager, long seed) {
    Block block = DLinear.defaults().block(WINDOW, seed);
    try (FlatParameters parameters = new FlatParameters(block, WINDOW, manager)) {
      return parameters.toArray();
    }
  }

  @Test
  void rejectsAnEvenKernel() {
    assertThatThrownBy(() -> DLinear.defaults().kernel(24))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("kernel: 24 (expected: odd, >= 1)");
  }
}
