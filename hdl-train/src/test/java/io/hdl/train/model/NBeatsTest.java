package io.hdl.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.train.loss.Losses;
import io.hdl.train.parallel.TorchEngine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NBeatsTest {
  private static final WindowShape WINDOW = new WindowShape(24, 6, 0, 0, 0, 1);

  private static List<NBeats> models() {
    return List.of(
        NBeats.defaults(),
        NBeats.generic(),
        NBeats.interpretable(),
        NBeats.defaults()
            .stacks(
                NBeats.Stack.trend(3, 2, 1, 8).weights(NBeats.Weights.OWN),
                NBeats.Stack.generic(1, 2, 9))
            .centering(Centering.LAST_ABSOLUTE));
  }

  @ParameterizedTest
  @MethodSource("models")
  void comesBackFromItsSettings(NBeats model) {
    assertThat(Models.of(model.name(), model.settings())).isEqualTo(model);
  }

  private static long weights(NBeats model) {
    try (NDManager manager = TorchEngine.start().newBaseManager();
        FlatParameters parameters = new FlatParameters(model.block(WINDOW, 1), WINDOW, manager)) {
      return parameters.flat().size();
    }
  }

  @Test
  void sharesTheWeightsOfAStackOnlyIfAsked() {
    NBeats.Stack trend = NBeats.Stack.trend(2, 3, 1, 10);
    long one = 24 * 10 + 10 + 10 * 6 + 6;
    assertThat(weights(NBeats.defaults().stacks(trend))).isEqualTo(one);
    assertThat(weights(NBeats.defaults().stacks(trend.weights(NBeats.Weights.OWN))))
        .isEqualTo(3 * one);
  }

  @Test
  void beginsWithAForecastOfTheOrderOfTheWindow() {
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      ai.djl.nn.Block block = NBeats.generic().hidden(64).block(WINDOW, 3);
      try (FlatParameters parameters = new FlatParameters(block, WINDOW, manager)) {
        ForecastInputs inputs = Nets.inputs(WINDOW, 16, 5, manager);
        float[] output = Nets.forward(block, parameters, inputs).toFloatArray();
        for (float value : output) {
          assertThat(Math.abs(value)).isLessThan(5);
        }
      }
    }
  }

  @Test
  void hasTheBasesOfThePaper() {
    float[] trend = NBeatsBases.polynomials(new double[] {0, 1, 2}, 4, 2);
    assertThat(trend).containsExactly(1, 1, 1, 0, 0.25f, 0.5f, 0, 0.0625f, 0.25f);
    // Horizon 6: the constant, one and two periods per horizon; cosines, then sines.
    float[] waves = NBeatsBases.waves(new double[] {0, 1.5}, 1, 6, 1);
    double[] expected = {1, 1, 1, 0, 1, -1, 0, 0, 0, 1, 0, 0};
    assertThat(waves).hasSameSizeAs(expected);
    for (int i = 0; i < waves.length; i++) {
      assertThat((double) waves[i]).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void refusesSettingsThatDoNotFitEachOther() {
    assertThatThrownBy(() -> new NBeats(List.of(), Centering.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("stacks: [] (expected: at least one)");
    assertThatThrownBy(() -> NBeats.Stack.seasonality(0, 1, 1, 1))
        .hasMessage("terms: 0 (expected: >= 1)");
    Map<String, String> settings = NBeats.interpretable().settings();
    settings.put("hidden", "256");
    assertThatThrownBy(() -> Models.of("nbeats", settings))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("stacks: [256] for [TREND, SEASONALITY] (expected: one value each)");
  }

  @Test
  void allowsAnyCenteringWithLossesOfValues() {
    Problems problems = new Problems();
    NBeats.defaults().centering(Centering.STANDARD).check(Losses.quantiles(0.1, 0.9), problems);
    assertThat(problems.isEmpty()).isTrue();
  }
}
