package io.hdl.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.util.PairList;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.train.parallel.TorchEngine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every model that comes with hdl. */
class ModelsTest {
  private static final WindowShape RICH = new WindowShape(20, 5, 3, 2, 2, 3);
  private static final WindowShape PLAIN = new WindowShape(20, 5, 0, 0, 0, 1);

  private static List<String> names() {
    return Models.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void comesBackFromItsSettings(String name) {
    ForecastModel model = Models.defaults(name);
    assertThat(model.name()).isEqualTo(name);
    assertThat(Models.of(name, model.settings())).isEqualTo(model);
  }

  @ParameterizedTest
  @MethodSource("names")
  void hasThePapersSettingsBesideItsOwn(String name) {
    ForecastModel model = Models.published(name);
    assertThat(model.name()).isEqualTo(name);
    assertThat(Models.of(name, model.settings())).isEqualTo(model);
    assertThat(model.settings().keySet()).isEqualTo(Models.defaults(name).settings().keySet());
  }

  @Test
  void takesThePapersSettingsFromTheModels() {
    assertThat(Models.published("dlinear")).isEqualTo(DLinear.published());
    assertThat(Models.published("nhits")).isEqualTo(NHits.published());
    assertThat(Models.published("patchtst")).isEqualTo(PatchTst.published());
    assertThat(Models.published("tide")).isEqualTo(Tide.published());
    assertThat(Models.published("tsmixer")).isEqualTo(TsMixer.published());
    assertThat(PatchTst.published().norm()).isEqualTo(PatchTst.Norm.BATCH);
  }

  private static WindowShape seen(ForecastModel model, WindowShape window) {
    return model.seesCovariates()
        ? window
        : new WindowShape(window.context(), window.horizon(), 0, 0, 0, window.outputs());
  }

  @ParameterizedTest
  @MethodSource("names")
  void drawsAllThatIsRandomFromSeeds(String name) {
    ForecastModel model = Models.defaults(name);
    for (WindowShape shape : List.of(RICH, PLAIN)) {
      WindowShape window = seen(model, shape);
      assertThat(output(model, window, 1, 1)).isEqualTo(output(model, window, 1, 1));
      assertThat(output(model, window, 2, 1)).isNotEqualTo(output(model, window, 1, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tide", "tsmixer"})
  void dropsOutBySeedInTrainingOnly(String name) {
    ForecastModel model = Models.defaults(name);
    assertThat(output(model, RICH, 1, 2)).isNotEqualTo(output(model, RICH, 1, 1));
    assertThat(output(model, RICH, 1, -1)).isNotEqualTo(output(model, RICH, 1, 1));
    assertThat(output(model, RICH, 1, -1)).isEqualTo(output(model, RICH, 1, -2));
  }

  private static NDList inputs(
      ForecastModel model, WindowShape window, int batch, NDManager manager) {
    NDList inputs = Nets.inputs(window, batch, 3, manager).toList();
    if (model.readsLabel()) {
      inputs.add(manager.ones(new Shape(batch, window.horizon())));
    }
    return inputs;
  }

  /** Outputs of a batch; a negative pass seed for a pass that does not train. */
  private static float[] output(ForecastModel model, WindowShape window, long seed, long passSeed) {
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      Block block = model.block(window, seed);
      try (FlatParameters parameters = new FlatParameters(block, window, manager)) {
        NDList inputs = inputs(model, window, 4, manager);
        PairList<String, Object> pass = new PairList<>();
        pass.add(ForecastModel.SEED, passSeed);
        NDArray output =
            block.forward(parameters.reading(), inputs, passSeed >= 0, pass).singletonOrThrow();
        assertThat(output.getShape().getShape()).startsWith(4, window.horizon());
        return output.toFloatArray();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void beginsWithForecastsAndGradientsOfTheOrderOfTheWindow(String name) {
    ForecastModel model = Models.defaults(name);
    WindowShape window = seen(model, new WindowShape(48, 12, 3, 2, 2, 1));
    Engine engine = TorchEngine.start();
    try (NDManager manager = engine.newBaseManager()) {
      Block block = model.block(window, 7);
      try (FlatParameters parameters = new FlatParameters(block, window, manager);
          NDManager step = manager.newSubManager();
          GradientCollector collector = engine.newGradientCollector()) {
        NDList inputs = inputs(model, window, 32, step);
        FlatParameters.Leaves leaves = parameters.leaves(step);
        NDArray output = block.forward(leaves.store(), inputs, false).singletonOrThrow();
        float worst = output.abs().max().getFloat();
        assertThat(worst).isBetween(0.01f, 10f);
        collector.backward(output.square().mean());
        assertThat(leaves.gradient().norm().getFloat()).isBetween(1e-4f, 50f);
      }
    }
  }

  @Test
  void namesWhatThereIs() {
    assertThat(Models.names())
        .contains("dlinear", "nbeats", "nhits", "nlinear", "tide", "tsmixer")
        .isSorted();
    assertThatThrownBy(() -> Models.defaults("prophet"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("model: prophet (expected: one of ")
        .hasMessageContaining("dlinear, ");
  }

  @Test
  void namesASettingThatIsMissingOrOutOfRange() {
    assertThatThrownBy(() -> Models.of("tide", Map.of("hidden", "4")))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
        .hasMessageContaining("the setting encoderLayers is missing");
    assertThatThrownBy(() -> TsMixer.defaults().dropout(1))
        .hasMessage("dropout: 1.0 (expected: >= 0 and < 1)");
  }
}
