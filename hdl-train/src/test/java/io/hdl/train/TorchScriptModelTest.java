package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.job.Trained;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.train.checkpoint.Safetensors;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.model.TorchScriptModel;
import io.hdl.train.model.WindowShape;
import io.hdl.train.optim.Adam;
import io.hdl.train.parallel.Determinism;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.TorchEngine;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the archives that modules.py makes. */
class TorchScriptModelTest {
  private static final int HORIZON = 6;

  @TempDir Path home;

  private static Path archive(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(
                  TorchScriptModelTest.class.getResource("model/torchscript/" + name))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private Trained<Forecaster> train(
      TorchScriptModel model, Devices devices, SeriesStore store, String run) {
    return ForecastTraining.of(model)
        .context(24)
        .horizon(HORIZON)
        .split(Split.last(HORIZON, HORIZON))
        .season(SampleSeries.SEASON)
        .devices(devices)
        .globalBatchSize(64)
        .epochs(15)
        .patience(15)
        .optimizer(Adam.learningRate(1e-2))
        .withoutReport()
        .train(store, TestJobContext.in(home, "demand", run));
  }

  private static List<List<Double>> values(Forecast forecast) {
    return forecast.series().stream().map(Forecast.SeriesForecast::values).toList();
  }

  @Test
  void aModuleLearnsAndItsTrainedWeightsAndBuffersGoBackToPython() throws IOException {
    TorchScriptModel model = TorchScriptModel.load(archive("normed.pt"));
    assertThat(model.notPortable())
        .hasValueSatisfying(why -> assertThat(why).contains("as dropout does"));
    Path folder = home.resolve("saved");
    try (SeriesStore store = store()) {
      Trained<Forecaster> trained = train(model, Devices.cpu(), store, "run");
      List<List<Double>> before;
      try (Forecaster forecaster = trained.model()) {
        double naive =
            Objects.requireNonNull(trained.evaluation().baselines().get("seasonal_naive"))
                .value("wape")
                .orElseThrow();
        assertThat(trained.evaluation().model().value("wape").orElseThrow())
            .isLessThan(0.8 * naive);
        before = values(forecaster.forecast(store, FutureRequest.all()));
        forecaster.save(folder);
      }
      Map<String, Safetensors.Tensor> saved =
          Safetensors.read(folder.resolve(Forecaster.WEIGHTS)).tensors();
      assertThat(saved.keySet())
          .containsExactlyInAnyOrder(
              "first.weight",
              "first.bias",
              "norm.weight",
              "norm.bias",
              "norm.running_mean",
              "norm.running_var",
              "last.weight",
              "last.bias",
              "unit",
              "frozen");
      assertThat(tensor(saved, "norm.running_mean")).doesNotContain(0);
      assertThat(tensor(saved, "unit")).containsOnly(0.5f);
      assertThat(tensor(saved, "frozen")).containsExactly(1);
      try (Forecaster loaded = Forecaster.load(folder)) {
        assertThat(values(loaded.forecast(store, FutureRequest.all()))).isEqualTo(before);
      }
      agreesWithTheModuleAlone(folder, saved);
    }
  }

  private static float[] tensor(Map<String, Safetensors.Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name).values();
  }

  private static SeriesStore store() {
    return SampleSeries.store(12, HORIZON, 0);
  }

  /** What Python opens: the buffers are buffers again, the parameters have the trained values. */
  private static void agreesWithTheModuleAlone(Path folder, Map<String, Safetensors.Tensor> saved)
      throws IOException {
    TorchEngine.start();
    try (NDManager manager = NDManager.newBaseManager();
        InputStream file = Files.newInputStream(folder.resolve("module.pt"))) {
      PtSymbolBlock alone = JniUtils.loadModule((PtNDManager) manager, file, true, false);
      NDList parameters = JniUtils.moduleGetParams(alone, (PtNDManager) manager);
      assertThat(parameters.stream().map(NDArray::getName))
          .containsExactlyInAnyOrder(
              "first.weight",
              "first.bias",
              "norm.weight",
              "norm.bias",
              "last.weight",
              "last.bias",
              "frozen");
      for (NDArray parameter : parameters) {
        assertThat(parameter.toFloatArray()).isEqualTo(tensor(saved, parameter.getName()));
      }
    }
  }

  @Test
  void gradientsAreThoseOfTheModule() {
    // A linear layer: the gradient of sum(output * c) is known.
    TorchScriptModel model = TorchScriptModel.load(archive("plain.pt"));
    assertThat(model.notPortable()).isEmpty();
    assertThat(model.seesCovariates()).isFalse();
    WindowShape window = new WindowShape(24, HORIZON, 0, 0, 0, 1);
    Engine engine = TorchEngine.start();
    try (NDManager manager = engine.newBaseManager()) {
      Block block = model.block(window, 1);
      try (FlatParameters parameters = new FlatParameters(block, window, manager)) {
        assertThat(parameters.shapes())
            .containsExactly(
                Map.entry("linear.weight", new Shape(6, 24)),
                Map.entry("linear.bias", new Shape(6)));
        float[] weights = new float[150];
        for (int i = 0; i < weights.length; i++) {
          weights[i] = 0.01f * i;
        }
        parameters.set(weights);
        for (int round = 1; round <= 2; round++) {
          try (NDManager step = manager.newSubManager();
              GradientCollector collector = engine.newGradientCollector()) {
            FlatParameters.Leaves leaves = parameters.leaves(step);
            NDArray target = step.arange(24f).reshape(1, 24);
            NDArray output =
                block.forward(leaves.store(), new NDList(target), true).singletonOrThrow();
            assertThat(output.getShape()).isEqualTo(new Shape(1, HORIZON, 1));
            // sum over t of (24 o + t) t / 100, and the bias
            assertThat(output.getFloat(0, 1, 0))
                .isCloseTo(24 * 2.76f + 43.24f + 1.45f, within(1e-3f));
            collector.backward(output.mul(round).sum());
            float[] gradient = leaves.gradient().toFloatArray();
            for (int i = 0; i < 150; i++) {
              assertThat(gradient[i]).isEqualTo(i < 144 ? round * (i % 24) : round);
            }
          }
        }
      }
    }
  }

  @Test
  void replicasTrainTheSameWeights() {
    TorchScriptModel model = TorchScriptModel.load(archive("plain.pt"));
    try (SeriesStore store = store();
        Forecaster one = portable(model, Devices.cpu(1), store, "one");
        Forecaster two = portable(model, Devices.cpu(2), store, "two")) {
      assertThat(two.weightsSha256()).isEqualTo(one.weightsSha256());
    }
  }

  private Forecaster portable(
      TorchScriptModel model, Devices devices, SeriesStore store, String run) {
    return ForecastTraining.of(model)
        .context(24)
        .horizon(HORIZON)
        .split(Split.last(HORIZON, HORIZON))
        .devices(devices)
        .determinism(Determinism.portable(4))
        .globalBatchSize(64)
        .epochs(2)
        .withoutReport()
        .train(store, TestJobContext.in(home, "demand", run))
        .model();
  }

  @ParameterizedTest
  @CsvSource({
    "traced.pt, it was traced, Use torch.jit.script(module)",
    "bfloat16.pt, it holds arrays of type BFloat16, Call module.float()",
    "placed.pt, its code names the device cuda, on the device of an input",
    "paired.pt, its forward method takes 2 arguments, or target alone"
  })
  void refusesWhatCannotBeTrained(String name, String why, String instead) {
    HdlException refused =
        catchThrowableOfType(HdlException.class, () -> TorchScriptModel.load(archive(name)));
    assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED_FEATURE);
    assertThat(refused).hasMessageContaining(name + ": " + why).hasMessageContaining(instead);
  }

  @Test
  void saysThatAFileIsMissingOrNoArchive() throws IOException {
    Path file = home.resolve("net.pt");
    HdlException missing =
        catchThrowableOfType(HdlException.class, () -> TorchScriptModel.load(file));
    assertThat(missing.code()).isEqualTo(ErrorCode.NOT_FOUND);
    Files.writeString(file, "no archive");
    HdlException corrupt =
        catchThrowableOfType(HdlException.class, () -> TorchScriptModel.load(file));
    assertThat(corrupt.code()).isEqualTo(ErrorCode.CORRUPT_DATA);
    assertThat(corrupt).hasMessageContaining("Write it with torch.jit.save");
  }
}
