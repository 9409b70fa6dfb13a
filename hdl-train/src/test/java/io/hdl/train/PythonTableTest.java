package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.job.PythonLoader;
import io.hdl.core.job.PythonLoader.Column;
import io.hdl.core.job.Trained;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.feature.FeaturePipeline;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.TimeAxis;
import io.hdl.train.evaluate.Combination;
import io.hdl.train.loss.Loss;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.Centering;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.DeepAr;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.NHits;
import io.hdl.train.model.NLinear;
import io.hdl.train.model.Tide;
import io.hdl.train.model.TorchScriptModel;
import io.hdl.train.optim.Adam;
import io.hdl.train.parallel.Devices;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Python forecasts from the rows of a table what Java forecasts from its store. */
class PythonTableTest {
  private static final int HORIZON = 6;
  private static final int CONTEXT = 24;
  private static final double TOLERANCE = 1e-5;

  @TempDir Path home;
  private int runs;

  private Trained<Forecaster> trained(
      ForecastModel model, Loss loss, Scaling scaling, int context, SeriesStore store) {
    return ForecastTraining.of(model)
        .context(context)
        .horizon(HORIZON)
        .split(Split.last(HORIZON, HORIZON))
        .scale(scaling)
        .devices(Devices.cpu())
        .globalBatchSize(64)
        .epochs(1)
        .optimizer(Adam.learningRate(3e-3))
        .loss(loss)
        .withoutReport()
        .train(store, TestJobContext.in(home, "python", "run-" + ++runs));
  }

  private Forecaster train(ForecastModel model, Loss loss, SeriesStore store) {
    return trained(model, loss, Scaling.MEAN, CONTEXT, store).model();
  }

  private void assumePython() throws IOException, InterruptedException {
    assumeTrue(
        Python.run(home, List.of("-c", "import torch, pandas")).isEmpty(), Python::withoutPandas);
  }

  /** Relative to the largest of the values. */
  private static void assertSame(
      PythonRows.Answer answer, Map<List<String>, List<Double>> expected, double part) {
    assertThat(answer.error()).isEmpty();
    assertThat(answer.values().keySet()).isEqualTo(expected.keySet());
    double largest =
        expected.values().stream().flatMap(List::stream).mapToDouble(Math::abs).max().orElse(0);
    assertThat(largest).isPositive();
    expected.forEach(
        (index, values) -> {
          List<Double> given = Objects.requireNonNull(answer.values().get(index));
          assertThat(given).hasSameSizeAs(values);
          for (int i = 0; i < values.size(); i++) {
            assertThat(Math.abs(given.get(i) - values.get(i)))
                .as(index + ": " + given + " and " + values)
                .isLessThanOrEqualTo(part * largest);
          }
        });
  }

  private void compare(Forecaster forecaster, SeriesStore store, double part)
      throws IOException, InterruptedException {
    Path model = home.resolve("model");
    forecaster.save(model);
    assertSame(
        PythonRows.of(store).predict(home, model),
        PythonRows.values(forecaster.forecast(store, FutureRequest.all())),
        part);
  }

  private static TorchScriptModel module() {
    try {
      return TorchScriptModel.load(
          Path.of(
              Objects.requireNonNull(
                      PythonTableTest.class.getResource("model/torchscript/normed.pt"))
                  .toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<Arguments> models() {
    return Stream.of(
        Arguments.of(NHits.defaults().hidden(16), Losses.quantiles(0.1, 0.5, 0.9), 1e-5),
        Arguments.of(Tide.defaults().hidden(16).centering(Centering.NONE), Losses.studentT(), 1e-5),
        Arguments.of(module(), Losses.mae(), 1e-5),
        // Its paths are drawn from other random numbers: their medians agree roughly.
        Arguments.of(DeepAr.defaults().samplePaths(2000), Losses.gaussian(), 0.1));
  }

  @ParameterizedTest
  @MethodSource("models")
  @Tag("python")
  void forecastsRowsWithMissingValuesAsJavaDoes(ForecastModel model, Loss loss, double part)
      throws IOException, InterruptedException {
    assumePython();
    try (SeriesStore store = SampleSeries.store(5, HORIZON, 7);
        Forecaster forecaster = train(model, loss, store)) {
      compare(forecaster, store, part);
    }
  }

  private static final String WIDE =
      """
      import sys
      import torch

      class Wide(torch.nn.Module):
          def __init__(self):
              super().__init__()
              self.layer = torch.nn.Linear(24 * 38 + 6 * 36 + 50, 6)

          def forward(self, target, observed, past, known, constants):
              parts = [past.flatten(1), known.flatten(1), constants]
              return self.layer(torch.cat(parts, dim=1)).unsqueeze(2)

      torch.jit.script(Wide()).save(sys.argv[1])
      """;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Tag("python")
  void forecastsRowsWithManyCategoriesAsJavaDoes(boolean scripted)
      throws IOException, InterruptedException {
    assumePython();
    ForecastModel model = NHits.defaults().hidden(16);
    if (scripted) {
      Path file = home.resolve("wide.pt");
      Path script = home.resolve("wide.py"); // TorchScript reads the source from a file
      Files.writeString(script, WIDE);
      assertThat(Python.run(home, List.of(script.toString(), file.toString()))).isEmpty();
      model = TorchScriptModel.load(file);
    }
    try (SeriesStore sample = SampleSeries.store(5, HORIZON, 0);
        SeriesStore store = SampleSeries.withManyCategories(sample);
        Forecaster forecaster = train(model, Losses.mae(), store)) {
      compare(forecaster, store, TOLERANCE);
    }
  }

  static Stream<TimeAxis> axes() {
    return Stream.of(
        TimeAxis.dates(Frequency.DAILY, LocalDate.of(2023, 1, 1)),
        TimeAxis.dates(Frequency.MONTHLY, LocalDate.of(2000, 1, 31)),
        TimeAxis.dates(Frequency.MONTHLY, LocalDate.of(2000, 1, 1)),
        TimeAxis.timestamps(Frequency.HOURLY, Instant.parse("2024-02-27T05:30:00Z")),
        TimeAxis.timestamps(Frequency.WEEKLY, Instant.parse("2024-02-27T05:30:00Z")),
        TimeAxis.localTimestamps(Frequency.MONTHLY, LocalDateTime.parse("2001-01-30T12:00:00")),
        TimeAxis.integers());
  }

  /** Two series that begin at different steps, a third one that training does not know. */
  private static SeriesStore plain(TimeAxis axis, int series) {
    SeriesStore.Builder builder =
        SeriesStore.builder(
            axis, List.of(Channel.number("sales", Channel.Role.TARGET)), List.<Constant>of());
    SplittableRandom random = new SplittableRandom(5);
    long first =
        axis.unit() == TimeAxis.Unit.INTEGER
            ? 3
            : axis.stepAtOrAfter(
                    axis.unit() == TimeAxis.Unit.TIMESTAMP
                        ? "2024-02-27T05:30:00Z"
                        : axis.unit() == TimeAxis.Unit.DATE ? "2003-11-05" : "2003-11-05T00:00:00")
                .orElseThrow();
    for (int s = 0; s < series; s++) {
      float[] values = new float[80 + s];
      for (int t = 0; t < values.length; t++) {
        boolean missing = t > 0 && t < values.length - 1 && random.nextInt(9) == 0;
        values[t] = missing ? Float.NaN : (float) (100 * (s + 1) + 30 * random.nextDouble());
      }
      builder.add(SeriesKey.of(Integer.toString(s)), first + 5L * s, values, new float[0]);
    }
    return builder.build();
  }

  @ParameterizedTest
  @MethodSource("axes")
  @Tag("python")
  void findsTheStepsOfEveryFrequencyAsJavaDoes(TimeAxis axis)
      throws IOException, InterruptedException {
    assumePython();
    try (SeriesStore known = plain(axis, 2);
        SeriesStore store = plain(axis, 3);
        Forecaster forecaster =
            trained(NLinear.defaults(), Losses.mse(), Scaling.STANDARD, CONTEXT, known).model()) {
      compare(forecaster, store, TOLERANCE);
    }
  }

  @Test
  @Tag("python")
  void combinesMembersOfDifferentContextsAsJavaDoes() throws IOException, InterruptedException {
    assumePython();
    Loss loss = Losses.quantiles(0.2, 0.8);
    try (SeriesStore store = SampleSeries.store(4, HORIZON, 0);
        ForecastEnsemble ensemble =
            ForecastEnsemble.of(
                Combination.MEDIAN,
                List.of(
                    trained(DLinear.defaults(), loss, Scaling.MEAN, 12, store).model(),
                    trained(NHits.defaults().hidden(16), loss, Scaling.MEAN, 24, store).model(),
                    trained(NLinear.defaults(), loss, Scaling.MEAN, 90, store).model()));
        SeriesStore young = young(store)) {
      Path model = home.resolve("ensemble");
      ensemble.save(model);
      PythonRows.Answer answer = PythonRows.of(young).predict(home, model);
      Forecast expected = ensemble.forecast(young, FutureRequest.all());
      assertSame(answer, PythonRows.values(expected), TOLERANCE);
      assertThat(expected.tooShort()).hasSize(1);
      assertThat(answer.warnings())
          .containsExactly(
              "Left out: the history of 1 of 4 series is too short, such as store 0/item 3 with 10"
                  + " steps; the model needs 12.");
    }
  }

  /** The ends of series: of 120, 60, 20 and 10 steps. */
  private static SeriesStore young(SeriesStore store) {
    SeriesStore.Builder builder =
        SeriesStore.builder(store.axis(), store.channels(), store.constants());
    int[] lengths = {120, 60, 20, 10};
    for (int s = 0; s < lengths.length; s++) {
      int from = SampleSeries.LENGTH - lengths[s];
      float[] values = new float[(lengths[s] + HORIZON) * 4];
      for (int i = 0; i < values.length; i++) {
        values[i] = store.value(s, from + i / 4, i % 4);
      }
      builder.add(
          store.keys().get(s),
          store.firstStep(s) + from,
          values,
          new float[] {store.constant(s, 0)});
    }
    return builder.build();
  }

  @Test
  @Tag("python")
  void saysWhatIsWrongWithRows() throws IOException, InterruptedException {
    assumePython();
    try (SeriesStore store = SampleSeries.store(2, HORIZON, 0);
        Forecaster forecaster = train(NHits.defaults().hidden(16), Losses.mae(), store)) {
      Path model = home.resolve("model");
      forecaster.save(model);
      PythonRows rows = PythonRows.of(store);
      assertThat(
              rows.with(
                      row -> {
                        row.remove("visitors");
                        return row;
                      })
                  .predict(home, model)
                  .error())
          .startsWith("Cannot forecast: the columns ['visitors'] are missing (expected: ['key_1',");
      assertThat(
              rows.with(
                      row -> {
                        if (Objects.requireNonNull(row.get("time")).equals("2022-05-06")) {
                          row.put("promotion", null);
                        }
                        return row;
                      })
                  .predict(home, model)
                  .error())
          .isEqualTo(
              "Cannot forecast series store 0/item 0: promotion, which the model needs to know"
                  + " ahead, is missing for 2022-05-06. Add rows for the future steps (target"
                  + " missing).");
      assertThat(
              rows.with(
                      row -> {
                        row.put("kind", row.get("promotion") == Boolean.TRUE ? "food" : "tools");
                        return row;
                      })
                  .predict(home, model)
                  .error())
          .startsWith("Cannot take \"kind\" as a constant: in series store ")
          .contains("it is both 'food' and 'tools'");
      PythonRows twice = rows.with(row -> row);
      twice.rows().add(twice.rows().get(0));
      assertThat(twice.predict(home, model).error())
          .startsWith("Cannot make series: series store ")
          .contains(" has two rows for 20");
      PythonRows off = rows.with(row -> row);
      off.rows().get(0).put("time", "2020-01-04");
      assertThat(off.predict(home, model).error())
          .isEqualTo(
              "Cannot order the rows by \"time\": 1 of 252 rows are off the WEEKLY grid, for"
                  + " instance 2020-01-04 (the step before it is 2020-01-03).");
      PythonRows few = rows.with(row -> row);
      few.rows().removeIf(row -> Objects.toString(row.get("time")).compareTo("2022-01-01") < 0);
      assertThat(few.predict(home, model).error())
          .startsWith("Cannot forecast: the history of 2 of 2 series is too short, such as store")
          .endsWith("steps; the model needs 24.");
    }
  }

  /** A text that training did not know is a missing value, in the future as in the past. */
  @Test
  @Tag("python")
  void takesUnknownTextsAsMissing() throws IOException, InterruptedException {
    assumePython();
    try (SeriesStore store = SampleSeries.store(3, HORIZON, 0);
        Forecaster forecaster = train(NHits.defaults().hidden(16), Losses.mae(), store);
        SeriesStore other = otherSeasons(store)) {
      compare(forecaster, other, TOLERANCE);
    }
  }

  private static SeriesStore otherSeasons(SeriesStore store) {
    List<Channel> channels = new ArrayList<>(store.channels());
    channels.set(
        2,
        new Channel(
            "season", Channel.Role.KNOWN, Channel.Kind.CATEGORY, List.of("dry", "warm", "wet")));
    SeriesStore.Builder builder = SeriesStore.builder(store.axis(), channels, store.constants());
    for (int s = 0; s < store.seriesCount(); s++) {
      float[] values = new float[store.length(s) * 4];
      for (int i = 0; i < values.length; i++) {
        values[i] = i % 4 == 2 ? i / 4 % 3 : store.value(s, i / 4, i % 4);
      }
      builder.add(
          store.keys().get(s), store.firstStep(s), values, new float[] {store.constant(s, 0)});
    }
    return builder.build();
  }

  @Test
  void namesColumnsAndRequirements() {
    try (SeriesStore store = SampleSeries.store(2, 0, 0)) {
      Trained<Forecaster> trained =
          trained(
              NHits.defaults().hidden(16),
              Losses.quantiles(0.1, 0.5),
              Scaling.MEAN,
              CONTEXT,
              store);
      trained.model().close();
      PythonLoader loader = trained.loader().orElseThrow();
      assertThat(loader.module()).isEqualTo("hdl_forecasters.pyfunc");
      assertThat(loader.code().resolve("hdl_forecasters").resolve("pyfunc.py")).exists();
      assertThat(loader.requirements().get(0)).matches("torch==\\d+\\.\\d+\\.\\d+");
      assertThat(loader.inputs())
          .containsExactly(
              new Column("key_1", PythonLoader.Type.STRING),
              new Column("key_2", PythonLoader.Type.STRING),
              new Column("time", PythonLoader.Type.DATETIME),
              new Column("sales", PythonLoader.Type.DOUBLE),
              new Column("promotion", PythonLoader.Type.BOOLEAN),
              new Column("season", PythonLoader.Type.STRING),
              new Column("visitors", PythonLoader.Type.DOUBLE),
              new Column("kind", PythonLoader.Type.STRING));
      assertThat(loader.outputs().stream().map(Column::name))
          .containsExactly("key_1", "key_2", "time", "forecast", "quantile_0.1", "quantile_0.5");
      assertThat(loader.example()).hasSize(CONTEXT + HORIZON);
      assertThat(loader.example().get(0)).containsKeys("sales", "visitors");
      assertThat(loader.example().get(CONTEXT))
          .containsKeys("key_1", "time", "promotion", "kind")
          .doesNotContainKeys("sales", "visitors");
    }
  }

  @Test
  void refusesFeaturesThatPythonDoesNotMake() {
    TestJobContext context = TestJobContext.in(home);
    try (SeriesStore store = SampleSeries.store(3, 0, 0)) {
      Trained<Forecaster> trained =
          ForecastTraining.of(DLinear.defaults())
              .context(CONTEXT)
              .horizon(HORIZON)
              .split(Split.last(HORIZON, HORIZON))
              .features(FeaturePipeline.empty().lag("sales", 12))
              .devices(Devices.cpu())
              .epochs(1)
              .withoutReport()
              .train(store, context);
      try (Forecaster forecaster = trained.model()) {
        assertThat(trained.loader()).isEmpty();
        assertThatThrownBy(() -> forecaster.pythonLoader(home.resolve("code")))
            .isInstanceOfSatisfying(
                HdlException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_FEATURE))
            .hasMessageStartingWith(
                "Python cannot load this forecaster: hdl alone makes its features sales");
      }
    }
  }
}
