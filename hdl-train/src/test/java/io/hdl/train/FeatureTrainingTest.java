package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.error.Problems;
import io.hdl.core.event.JobEvent;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.Trained;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.feature.CalendarField;
import io.hdl.data.feature.FeaturePipeline;
import io.hdl.data.feature.FittedFeatures;
import io.hdl.data.feature.Imputation;
import io.hdl.data.feature.RollingStatistic;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.TimeAxis;
import io.hdl.train.evaluate.Backtest;
import io.hdl.train.evaluate.Evaluator;
import io.hdl.train.model.NHits;
import io.hdl.train.optim.Adam;
import io.hdl.train.parallel.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureTrainingTest {
  private static final int CONTEXT = 24;
  private static final int HORIZON = 6;
  private static final Split SPLIT = Split.last(HORIZON, HORIZON);
  private static final FeaturePipeline FEATURES =
      FeaturePipeline.empty()
          .impute(Imputation.median(), "visitors")
          .robust("visitors")
          .categoryIndex("season", "kind")
          .calendar(CalendarField.MONTH)
          .cyclic(CalendarField.WEEK)
          .lag("sales", 1, SampleSeries.SEASON)
          .rolling("sales", RollingStatistic.MEAN, 4, HORIZON);

  @TempDir Path home;

  private static ForecastTraining training(FeaturePipeline features) {
    return ForecastTraining.of(NHits.defaults().hidden(16))
        .context(CONTEXT)
        .horizon(HORIZON)
        .split(SPLIT)
        .season(SampleSeries.SEASON)
        .devices(Devices.cpu())
        .globalBatchSize(64)
        .epochs(3)
        .features(features)
        .optimizer(Adam.learningRate(3e-3))
        .withoutReport();
  }

  private TestJobContext context(String run) {
    return TestJobContext.in(home, "demand", run);
  }

  private static String weights(ForecastTraining training, SeriesStore store, JobContext context) {
    try (Forecaster forecaster = training.train(store, context).model()) {
      return forecaster.weightsSha256();
    }
  }

  private static List<Double> values(Forecast forecast) {
    return forecast.series().stream().flatMap(one -> one.values().stream()).toList();
  }

  @Test
  void forecastsFromRawDataAfterItWasSavedAndLoaded() throws IOException {
    try (SeriesStore store = SampleSeries.store(8, HORIZON, 9)) {
      TestJobContext context = context("run");
      try (Forecaster trained = training(FEATURES).train(store, context).model();
          Forecaster loaded = Forecaster.load(context.directory().model())) {
        Path file = context.directory().model().resolve("features.json");
        FittedFeatures saved = FittedFeatures.load(file);
        assertThat(saved.toJson())
            .isEqualTo(FEATURES.fit(store, SPLIT, HORIZON).toJson())
            .isEqualTo(Files.readString(file));
        assertThat(loaded.channels()).isEqualTo(store.channels());
        assertThat(loaded.training()).containsEntry("features.1", "impute(visitors, median)");
        List<Double> expected = values(trained.forecast(store, FutureRequest.all()));
        assertThat(expected).hasSize(8 * HORIZON).allMatch(Double::isFinite);
        assertThat(values(loaded.forecast(store, FutureRequest.all()))).isEqualTo(expected);
        SeriesKey key = SampleSeries.key(3);
        Forecast twice = loaded.forecast(store, FutureRequest.of(key, SampleSeries.key(1), key));
        assertThat(twice.series())
            .extracting(Forecast.SeriesForecast::key)
            .containsExactly(key, SampleSeries.key(1), key);
        assertThat(twice.series().get(0).times().get(0)).isEqualTo("2022-04-22");
        assertThat(twice.series().get(2).values().get(5))
            .isCloseTo(
                expected.get(3 * HORIZON + 5),
                org.assertj.core.data.Percentage.withPercentage(0.001));
      }
    }
  }

  @Test
  void scoresRawDataAsItWasScoredInTheTraining() {
    try (SeriesStore store = SampleSeries.store(8)) {
      Trained<Forecaster> trained = training(FEATURES).train(store, context("run"));
      try (Forecaster forecaster = trained.model()) {
        Backtest again =
            Evaluator.of(store, SPLIT, CONTEXT, HORIZON)
                .season(SampleSeries.SEASON)
                .backtest(forecaster.predictor(store));
        assertThat(again.evaluation().model()).isEqualTo(trained.evaluation().model());
        assertThat(again.evaluation().baselines()).isEqualTo(trained.evaluation().baselines());
      }
    }
  }

  @Test
  void usesItsFeatures() {
    try (SeriesStore store = SampleSeries.store(8)) {
      String with = weights(training(FEATURES), store, context("with"));
      assertThat(weights(training(FEATURES), store, context("again"))).isEqualTo(with);
      assertThat(weights(training(FeaturePipeline.empty()), store, context("without")))
          .isNotEqualTo(with);
    }
  }

  @Test
  void learnsFromALagWhatTheContextDoesNotShow() {
    // A value is that of 12 steps before, almost; a context of 6 steps knows nothing of it.
    TimeAxis axis = TimeAxis.dates(Frequency.WEEKLY, LocalDate.of(2020, 1, 3));
    Random random = new Random(7);
    SeriesStore.Builder builder =
        SeriesStore.builder(axis, List.of(Channel.number("sales", Channel.Role.TARGET)), List.of());
    for (int s = 0; s < 30; s++) {
      float[] values = new float[SampleSeries.LENGTH];
      for (int t = 0; t < values.length; t++) {
        double before = t < 12 ? 20 * random.nextGaussian() : 0.95 * (values[t - 12] - 100);
        values[t] = (float) (100 + before + 6 * random.nextGaussian());
      }
      builder.add(SampleSeries.key(s), axis.step("2020-01-03").orElseThrow(), values, new float[0]);
    }
    try (SeriesStore store = builder.build()) {
      ForecastTraining blind =
          training(FeaturePipeline.empty())
              .context(6)
              .epochs(10)
              .optimizer(Adam.learningRate(1e-2));
      ForecastTraining seeing = blind.features(FeaturePipeline.empty().knownLag("sales", 12));
      assertThat(wape(seeing, store, "seeing")).isLessThan(0.7 * wape(blind, store, "blind"));
    }
  }

  private double wape(ForecastTraining training, SeriesStore store, String run) {
    Trained<Forecaster> trained = training.train(store, context(run));
    trained.model().close();
    return trained.evaluation().model().value("wape").orElseThrow();
  }

  @Test
  void goesOnAfterAnInterruptionWithTheSameBits() {
    try (SeriesStore store = SampleSeries.store(8, 0, 9)) {
      String expected = weights(training(FEATURES), store, context("whole"));
      TestJobContext stopped = context("stopped");
      ListeningContext listening =
          new ListeningContext(
              stopped,
              event -> {
                if (event instanceof JobEvent.StepFinished step && step.epoch() > 1) {
                  stopped.cancellation().request("SIGTERM");
                }
              });
      assertThatThrownBy(() -> training(FEATURES).train(store, listening))
          .isInstanceOf(JobCancelledException.class);
      TestJobContext continued = stopped.continued();
      assertThat(weights(training(FEATURES), store, continued)).isEqualTo(expected);
      assertThat(continued.events().notices())
          .anyMatch(text -> text.startsWith("Training goes on after epoch 1"));
    }
  }

  @Test
  void refusesToContinueWithOtherFeatures() {
    try (SeriesStore store = SampleSeries.store(8)) {
      TestJobContext context = context("run");
      assertThat(weights(training(FEATURES), store, context)).isNotEmpty();
      TestJobContext again = context.continued();
      // The same channels, made otherwise.
      FeaturePipeline other =
          FeaturePipeline.empty()
              .impute(Imputation.mean(), "visitors")
              .robust("visitors")
              .categoryIndex("season", "kind")
              .calendar(CalendarField.MONTH)
              .cyclic(CalendarField.WEEK)
              .lag("sales", 1, SampleSeries.SEASON)
              .rolling("sales", RollingStatistic.MEAN, 4, HORIZON);
      assertThatThrownBy(() -> weights(training(other), store, again))
          .isInstanceOf(HdlException.class)
          .hasMessageContaining(
              "features.1: impute(visitors, median) in the checkpoint, impute(visitors, mean) now");
    }
  }

  @Test
  void isNotLoadedWithoutItsFeatures() throws IOException {
    try (SeriesStore store = SampleSeries.store(6)) {
      TestJobContext context = context("run");
      training(FEATURES).epochs(1).train(store, context).model().close();
      Path model = context.directory().model();
      Path file = model.resolve("features.json");
      String json = Files.readString(file);
      Files.writeString(file, json.replace("\"lag\" : 12", "\"lag\" : 11"));
      assertCorrupt(model, "its checksum is not the one in forecaster.json");
      Files.delete(file);
      assertCorrupt(model, "the file is missing");
      Files.writeString(file, json);
      Forecaster.load(model).close();
    }
  }

  private static void assertCorrupt(Path model, String why) {
    assertThatThrownBy(() -> Forecaster.load(model))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
        .hasMessageStartingWith("Cannot load the features of ")
        .hasMessageContainingAll("features.json", why, "Restore the saved folder as a whole.");
  }

  @Test
  void loadsAModelWithoutFeaturesAsBefore() throws IOException {
    try (SeriesStore store = SampleSeries.store(6)) {
      TestJobContext context = context("run");
      training(FeaturePipeline.empty()).epochs(1).train(store, context).model().close();
      Path model = context.directory().model();
      assertThat(model.resolve("features.json")).doesNotExist();
      assertThat(Files.readString(model.resolve("forecaster.json"))).contains("\"format\" : 1");
      Forecaster.load(model).close();
    }
  }

  @Test
  void needsTheCodeOfCustomFeaturesToBeLoaded() {
    FeaturePipeline custom =
        FEATURES.custom(
            "growth",
            Channel.Role.PAST,
            (series, step) -> series.value("sales", step) - series.value("sales", step - 1));
    try (SeriesStore store = SampleSeries.store(6, HORIZON, 0)) {
      TestJobContext context = context("run");
      Path model = context.directory().model();
      try (Forecaster trained = training(custom).epochs(1).train(store, context).model()) {
        assertThatThrownBy(() -> Forecaster.load(model))
            .isInstanceOfSatisfying(
                HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
            .hasMessageContainingAll("custom feature \"growth\" is code", "the pipeline");
        try (Forecaster loaded = Forecaster.load(model, custom)) {
          assertThat(values(loaded.forecast(store, FutureRequest.all())))
              .isEqualTo(values(trained.forecast(store, FutureRequest.all())));
        }
      }
    }
  }

  @Test
  void refusesACustomFeatureThatCarriesTheFutureBeforeItTrains() {
    FeaturePipeline leaking =
        FEATURES.custom(
            "tomorrow", Channel.Role.PAST, (series, step) -> series.value("sales", step + 1));
    try (SeriesStore store = SampleSeries.store(6)) {
      TestJobContext context = context("run");
      assertThatThrownBy(() -> training(leaking).train(store, context))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
          .hasMessageContainingAll(
              "Cannot use the features: one carries the future.",
              "\"tomorrow\" of series store ",
              "Let it look back only");
      assertThat(context.events().of(JobEvent.StepFinished.class)).isEmpty();
    }
  }

  @Test
  void refusesDataWithOtherColumns() {
    try (SeriesStore store = SampleSeries.store(6);
        Forecaster forecaster = training(FEATURES).epochs(1).train(store, context("run")).model()) {
      TimeAxis axis = store.axis();
      try (SeriesStore other =
          SeriesStore.builder(axis, store.channels().subList(0, 2), store.constants())
              .add(SeriesKey.of("a"), 0, new float[2 * LONG], new float[1])
              .build()) {
        for (Runnable use :
            List.<Runnable>of(
                () -> forecaster.forecast(other, FutureRequest.all()),
                () -> forecaster.predictor(other))) {
          assertThatThrownBy(use::run)
              .isInstanceOfSatisfying(
                  HdlException.class,
                  e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
              .hasMessageContainingAll("visitors PAST NUMBER", "the data has [sales TARGET NUMBER");
        }
      }
    }
  }

  private static final int LONG = 60;

  @Test
  void makesFeaturesOfCovariatesThatTheRequestSupplies() {
    FeaturePipeline features =
        FeaturePipeline.empty()
            .standardise("promotion")
            .categoryIndex("season")
            .lag("promotion", 1)
            .calendar(CalendarField.WEEK);
    try (SeriesStore whole = SampleSeries.store(6, HORIZON, 0);
        SeriesStore bare = withoutFuture(whole);
        Forecaster forecaster = training(features).train(bare, context("run")).model()) {
      KnownFuture source =
          (key, column, time) -> {
            int series = whole.find(key).orElseThrow();
            int step = (int) (whole.axis().step(time).orElseThrow() - whole.firstStep(series));
            int channel = column.equals("promotion") ? 1 : 2;
            float value = whole.value(series, step, channel);
            return Optional.of(channel == 1 ? value == 1 : value == 0 ? "cold" : "warm");
          };
      assertThat(values(forecaster.forecast(bare, FutureRequest.all().known(source))))
          .isEqualTo(values(forecaster.forecast(whole, FutureRequest.all())));
      assertThatThrownBy(() -> forecaster.forecast(bare, FutureRequest.all()))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
          .hasMessageContainingAll("promotion", "missing for 2022-04-22", "FutureRequest.known");
      // A text that the training did not know is the unknown one.
      KnownFuture unknown =
          (key, column, time) -> Optional.of(column.equals("season") ? "lukewarm" : (Object) true);
      assertThat(values(forecaster.forecast(bare, FutureRequest.all().known(unknown))))
          .allMatch(Double::isFinite);
      KnownFuture wrong = (key, column, time) -> Optional.of("perhaps");
      assertThatThrownBy(() -> forecaster.forecast(bare, FutureRequest.all().known(wrong)))
          .hasMessageContaining(
              "promotion at 2022-04-22 is perhaps (expected: true, false, 0 or 1)");
    }
  }

  /** The same series, ending where their history does. */
  private static SeriesStore withoutFuture(SeriesStore store) {
    SeriesStore.Builder builder =
        SeriesStore.builder(store.axis(), store.channels(), store.constants());
    int channels = store.channels().size();
    for (int s = 0; s < store.seriesCount(); s++) {
      float[] values = new float[store.targetEnd(s) * channels];
      for (int i = 0; i < values.length; i++) {
        values[i] = store.value(s, i / channels, i % channels);
      }
      float[] constants = {store.constant(s, 0)};
      builder.add(store.keys().get(s), store.firstStep(s), values, constants);
    }
    return builder.build();
  }

  @Test
  void needsNoFutureRowsWhereAllThatIsKnownAheadIsComputed() {
    List<Channel> target = List.of(Channel.number("sales", Channel.Role.TARGET));
    try (SeriesStore sample = SampleSeries.store(6)) {
      SeriesStore.Builder builder = SeriesStore.builder(sample.axis(), target, List.of());
      for (int s = 0; s < sample.seriesCount(); s++) {
        float[] values = new float[sample.length(s)];
        for (int t = 0; t < values.length; t++) {
          values[t] = sample.value(s, t, 0);
        }
        builder.add(sample.keys().get(s), sample.firstStep(s), values, new float[0]);
      }
      FeaturePipeline features =
          FeaturePipeline.empty().cyclic(CalendarField.WEEK).knownLag("sales", SampleSeries.SEASON);
      try (SeriesStore store = builder.build();
          Forecaster forecaster = training(features).train(store, context("run")).model()) {
        assertThat(values(forecaster.forecast(store, FutureRequest.all())))
            .hasSize(6 * HORIZON)
            .allMatch(Double::isFinite);
      }
    }
  }

  @Test
  void refusesFeaturesThatCannotBeFittedByName() {
    try (SeriesStore store = SampleSeries.store(6)) {
      List<FeaturePipeline> wrong = new ArrayList<>();
      wrong.add(FeaturePipeline.empty().standardise("sales"));
      wrong.add(FeaturePipeline.empty().knownLag("sales", HORIZON - 1));
      wrong.add(FeaturePipeline.empty().calendar(CalendarField.HOUR));
      for (FeaturePipeline pipeline : wrong) {
        assertThatThrownBy(() -> training(pipeline).train(store, context("run")))
            .isInstanceOfSatisfying(
                HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
            .hasMessageContaining("Cannot use " + pipeline);
      }
      Problems problems = new Problems();
      training(FeaturePipeline.empty().lag("sales", 2, 2)).check(problems);
      assertThat(problems.all())
          .containsExactly(
              "feature lag(sales, 2): \"sales_lag_2\" is added twice (expected: once)");
    }
  }
}
