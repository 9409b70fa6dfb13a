package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hdl.core.json.Json;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.series.Channel;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.train.checkpoint.Safetensors;
import io.hdl.train.evaluate.Combination;
import io.hdl.train.loss.Loss;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.Centering;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.DeepAr;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.NBeats;
import io.hdl.train.model.NHits;
import io.hdl.train.model.NLinear;
import io.hdl.train.model.PatchTst;
import io.hdl.train.model.Tide;
import io.hdl.train.model.TorchScriptModel;
import io.hdl.train.model.TsMixer;
import io.hdl.train.optim.Adam;
import io.hdl.train.parallel.Devices;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Saved forecasters forecast the same in Java and in Python. */
class PythonForecasterTest {
  private static final int HORIZON = 6;
  private static final int CONTEXT = 24;
  private static final double TOLERANCE = 1e-5;
  private static final String FIXTURE = "python/nhits-quantiles";

  @TempDir Path home;
  private int runs;

  private Forecaster train(ForecastModel model, Loss loss, SeriesStore store) {
    return ForecastTraining.of(model)
        .context(CONTEXT)
        .horizon(HORIZON)
        .split(Split.last(HORIZON, HORIZON))
        .devices(Devices.cpu())
        .globalBatchSize(64)
        .epochs(1)
        .optimizer(Adam.learningRate(3e-3))
        .loss(loss)
        .withoutReport()
        .train(store, TestJobContext.in(home, "python", "run-" + ++runs))
        .model();
  }

  private static SeriesStore store() {
    return SampleSeries.store(5, HORIZON, 7);
  }

  /** What Forecaster.forecast in Python reads, of all series of a store. */
  private static Safetensors input(SeriesStore store) {
    int series = store.seriesCount();
    int channels = store.channels().size();
    int constants = store.constants().size();
    int steps = SampleSeries.LENGTH;
    List<Integer> known =
        IntStream.range(0, channels)
            .filter(c -> store.channels().get(c).role() == Channel.Role.KNOWN)
            .boxed()
            .toList();
    float[] values = new float[series * steps * channels];
    float[] future = new float[series * HORIZON * known.size()];
    float[] fixed = new float[series * constants];
    for (int s = 0; s < series; s++) {
      for (int t = 0; t < steps; t++) {
        for (int c = 0; c < channels; c++) {
          values[(s * steps + t) * channels + c] = store.value(s, t, c);
        }
      }
      for (int t = 0; t < HORIZON; t++) {
        for (int k = 0; k < known.size(); k++) {
          future[(s * HORIZON + t) * known.size() + k] = store.value(s, steps + t, known.get(k));
        }
      }
      for (int c = 0; c < constants; c++) {
        fixed[s * constants + c] = store.constant(s, c);
      }
    }
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    tensors.put("values", tensor(values, series, steps, channels));
    tensors.put("known", tensor(future, series, HORIZON, known.size()));
    tensors.put("constants", tensor(fixed, series, constants));
    List<List<String>> keys = store.keys().stream().map(SeriesKey::values).toList();
    return new Safetensors(tensors, Map.of("keys", Json.write(keys)));
  }

  private static Path input(SeriesStore store, Path folder) throws IOException {
    Path file = folder.resolve("input.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      input(store).writeTo(out);
    }
    return file;
  }

  private static Safetensors.Tensor tensor(float[] values, long... shape) {
    return new Safetensors.Tensor(
        IntStream.range(0, shape.length).mapToObj(i -> shape[i]).toList(), values);
  }

  private static List<Double> values(Forecast forecast) {
    List<Double> values = new ArrayList<>();
    for (Forecast.SeriesForecast one : forecast.series()) {
      for (int t = 0; t < HORIZON; t++) {
        values.add(one.values().get(t));
        for (List<Double> quantile : one.quantiles().values()) {
          values.add(quantile.get(t));
        }
      }
    }
    return values;
  }

  /** Relative to the largest of the values. */
  private static void assertClose(Safetensors.Tensor actual, List<Double> expected, double part) {
    assertThat(actual.values()).hasSize(expected.size());
    double largest = expected.stream().mapToDouble(Math::abs).max().orElse(0);
    assertThat(largest).isPositive();
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Math.abs(actual.values()[i] - expected.get(i)))
          .as("value " + i + ": " + actual.values()[i] + " and " + expected.get(i))
          .isLessThanOrEqualTo(part * largest);
    }
  }

  private static Path fixture() throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(PythonForecasterTest.class.getResource(FIXTURE), FIXTURE).toURI());
  }

  /** The forecasts beside the saved folder were made by the Python package. */
  @Test
  void forecastsASavedForecasterAsPythonDid() throws URISyntaxException {
    Path folder = fixture();
    Safetensors python = Safetensors.read(folder.resolve("forecasts.safetensors"));
    try (SeriesStore store = store();
        Forecaster forecaster = Forecaster.load(folder)) {
      Safetensors.Tensor forecasts =
          Objects.requireNonNull(python.tensors().get("forecasts"), "forecasts");
      assertThat(forecasts.shape()).containsExactly(5L, (long) HORIZON, 4L);
      assertClose(forecasts, values(forecaster.forecast(store, FutureRequest.all())), TOLERANCE);
    }
  }

  private static Path module() {
    try {
      return Path.of(
          Objects.requireNonNull(
                  PythonForecasterTest.class.getResource("model/torchscript/normed.pt"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<Arguments> cases() {
    Centering none = Centering.NONE;
    return Stream.of(
        Arguments.of(NHits.defaults().hidden(16), Losses.quantiles(0.1, 0.5, 0.9)),
        Arguments.of(DLinear.defaults().centering(Centering.REVERSIBLE), Losses.mae()),
        Arguments.of(NLinear.defaults(), Losses.mse()),
        Arguments.of(NBeats.defaults().hidden(16), Losses.mae()),
        Arguments.of(PatchTst.defaults(), Losses.mae()),
        Arguments.of(PatchTst.defaults().norm(PatchTst.Norm.BATCH), Losses.mae()),
        Arguments.of(TorchScriptModel.load(module()), Losses.mae()),
        Arguments.of(Tide.defaults().hidden(16).centering(none), Losses.gaussian()),
        Arguments.of(TsMixer.defaults().hidden(16).centering(none), Losses.studentT().mean()),
        Arguments.of(NHits.defaults().hidden(16).centering(none), Losses.negativeBinomial()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  @Tag("python")
  void forecastsInPythonAsInJava(ForecastModel model, Loss loss)
      throws IOException, InterruptedException {
    assumeTrue(Python.hasTorch(home), Python::withoutTorch);
    try (SeriesStore store = store();
        Forecaster forecaster = train(model, loss, store)) {
      compare(forecaster, store, TOLERANCE);
    }
  }

  @Test
  @Tag("python")
  void embedsCategoriesInPythonAsInJava() throws IOException, InterruptedException {
    assumeTrue(Python.hasTorch(home), Python::withoutTorch);
    try (SeriesStore sample = store();
        SeriesStore store = SampleSeries.withManyCategories(sample);
        Forecaster forecaster = train(NHits.defaults().hidden(16), Losses.mae(), store)) {
      compare(forecaster, store, TOLERANCE);
    }
  }

  @Test
  @Tag("python")
  void combinesMembersInPythonAsInJava() throws IOException, InterruptedException {
    assumeTrue(Python.hasTorch(home), Python::withoutTorch);
    List<ForecastModel> models =
        List.of(
            DLinear.defaults(), NLinear.defaults(), DLinear.defaults().centering(Centering.NONE));
    try (SeriesStore store = store();
        ForecastEnsemble ensemble =
            ForecastEnsemble.of(
                Combination.MEDIAN,
                models.stream()
                    .map(model -> train(model, Losses.quantiles(0.2, 0.8), store))
                    .toList())) {
      Path model = home.resolve("ensemble");
      ensemble.save(model);
      assertClose(
          Python.forecasts(home, model, input(store, home)),
          values(ensemble.forecast(store, FutureRequest.all())),
          TOLERANCE);
    }
  }

  /** Paths are drawn from other random numbers: their medians agree roughly. */
  @Test
  @Tag("python")
  void drawsPathsInPythonOfTheSameDistribution() throws IOException, InterruptedException {
    assumeTrue(Python.hasTorch(home), Python::withoutTorch);
    try (SeriesStore store = store();
        Forecaster forecaster =
            train(DeepAr.defaults().samplePaths(2000), Losses.gaussian(), store)) {
      compare(forecaster, store, 0.1);
    }
  }

  private void compare(Forecaster forecaster, SeriesStore store, double part)
      throws IOException, InterruptedException {
    Path model = home.resolve("model");
    forecaster.save(model);
    Path input = input(store, home);
    assertClose(
        Python.forecasts(home, model, input),
        values(forecaster.forecast(store, FutureRequest.all())),
        part);
  }

  @Test
  @Tag("python")
  void writesTheFixtureAnewWhereAskedTo() throws IOException, InterruptedException {
    String folder = System.getProperty("hdl.fixture");
    assumeTrue(folder != null, "Skipped: -Dhdl.fixture=FOLDER asks for it");
    assumeTrue(Python.hasTorch(home), Python::withoutTorch);
    try (SeriesStore store = store();
        Forecaster forecaster =
            train(NHits.defaults().hidden(16), Losses.quantiles(0.1, 0.5, 0.9), store)) {
      compare(forecaster, store, TOLERANCE);
      Path to = Path.of(folder);
      forecaster.save(to);
      Files.copy(home.resolve("forecasts.safetensors"), to.resolve("forecasts.safetensors"));
    }
  }
}
