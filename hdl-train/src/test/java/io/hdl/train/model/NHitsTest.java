package io.hdl.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.hdl.train.parallel.TorchEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NHitsTest {
  private static final int BATCH = 2;

  @ParameterizedTest
  @CsvSource({"13, 6, 0, 0, 0, 1, NONE", "12, 7, 3, 2, 4, 3, NONE", "12, 7, 3, 2, 4, 3, LAST"})
  void agreesWithTheFormulaInDouble(
      int context,
      int horizon,
      int past,
      int known,
      int constants,
      int outputs,
      Centering centering) {
    WindowShape window = new WindowShape(context, horizon, past, known, constants, outputs);
    NHits model =
        NHits.defaults().stacks(List.of(4, 2, 1), List.of(3, 2, 1)).hidden(9).centering(centering);
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      Block block = model.block(window, 21);
      try (FlatParameters parameters = new FlatParameters(block, window, manager)) {
        ForecastInputs inputs = Nets.inputs(window, BATCH, 4, manager);
        NDArray output = Nets.forward(block, parameters, inputs);
        assertThat(output.getShape().getShape()).containsExactly(BATCH, horizon, outputs);
        Map<String, double[]> weights = Nets.weights(parameters);
        for (int b = 0; b < BATCH; b++) {
          double[] expected = reference(model, window, weights, inputs, b);
          float[] actual = output.get(b).toFloatArray();
          for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(5e-6));
          }
        }
      }
    }
  }

  /** The paper's formula in double for one window: pool, regress, interpolate, subtract, add up. */
  private static double[] reference(
      NHits model,
      WindowShape window,
      Map<String, double[]> weights,
      ForecastInputs inputs,
      int b) {
    float[] target = inputs.target().get(b).toFloatArray();
    double level = model.centering() == Centering.LAST ? target[target.length - 1] : 0;
    double[] residual = new double[target.length];
    for (int t = 0; t < target.length; t++) {
      residual[t] = target[t] - level;
    }
    double[] forecast = new double[window.horizon() * window.outputs()];
    Arrays.fill(forecast, residual[target.length - 1] + level);
    for (int s = 0; s < model.pooling().size(); s++) {
      List<Double> x = new ArrayList<>();
      int pool = model.pooling().get(s);
      // Groups are counted from the window's end: the first one may be shorter.
      int rest = residual.length % pool;
      for (int from = rest == 0 ? 0 : rest - pool; from < residual.length; from += pool) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int t = Math.max(0, from); t < from + pool; t++) {
          largest = Math.max(largest, residual[t]);
        }
        x.add(largest);
      }
      for (NDArray extra : List.of(inputs.past(), inputs.known(), inputs.constants())) {
        if (extra.size() > 0) {
          for (float value : extra.get(b).toFloatArray()) {
            x.add((double) value);
          }
        }
      }
      double[] h = x.stream().mapToDouble(Double::doubleValue).toArray();
      for (int l = 0; l < model.layers(); l++) {
        h = Nets.linear(weights, "stack" + s + ".hidden" + l, h);
        for (int i = 0; i < h.length; i++) {
          h[i] = Math.max(0, h[i]);
        }
      }
      double[] theta = Nets.linear(weights, "stack" + s + ".theta", h);
      for (int t = 0; t < residual.length; t++) {
        residual[t] -= theta[t];
      }
      int knots = window.horizon() / model.downsampling().get(s);
      for (int o = 0; o < window.outputs(); o++) {
        for (int step = 0; step < window.horizon(); step++) {
          double at = (step + 0.5) * knots / window.horizon() - 0.5;
          int left = (int) Math.floor(at);
          double part = at - left;
          int base = residual.length + o * knots;
          double value =
              theta[base + Math.max(0, Math.min(knots - 1, left))] * (1 - part)
                  + theta[base + Math.max(0, Math.min(knots - 1, left + 1))] * part;
          forecast[step * window.outputs() + o] += value;
        }
      }
    }
    return forecast;
  }

  @Test
  void rejectsStacksOfUnequalNumber() {
    assertThatThrownBy(() -> NHits.defaults().stacks(List.of(2), List.of(4, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: one number >= 1 per stack");
  }

  @Test
  void comesBackFromItsSettings() {
    NHits model = NHits.defaults().hidden(64).centering(Centering.LAST);
    assertThat(Models.of(model.name(), model.settings())).isEqualTo(model);
  }
}
