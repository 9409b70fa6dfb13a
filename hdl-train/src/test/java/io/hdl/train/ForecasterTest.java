package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.series.Channel;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.train.evaluate.Evaluator;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.NHits;
import io.hdl.train.optim.Adam;
import io.hdl.train.parallel.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecasterTest {
  private static final int HORIZON = 6;
  private static final Split SPLIT = Split.last(HORIZON, HORIZON);

  @TempDir Path home;

  private static ForecastTraining training(ForecastModel model) {
    return ForecastTraining.of(model)
        .context(24)
        .horizon(HORIZON)
        .split(SPLIT)
        .season(SampleSeries.SEASON)
        .devices(Devices.cpu())
        .globalBatchSize(64)
        .epochs(4)
        .optimizer(Adam.learningRate(3e-3))
        .withoutReport();
  }

  private static ForecastTraining nHits() {
    return training(NHits.defaults().hidden(32));
  }

  private Forecaster train(ForecastTraining training, SeriesStore store, String run) {
    return training.train(store, TestJobContext.in(home, "demand", run)).model();
  }

  private static List<Double> values(Forecast forecast) {
    return forecast.series().stream().flatMap(one -> one.values().stream()).toList();
  }

  @Test
  void forecastsTheStepsAfterTheEndWithTheirTimes() {
    try (SeriesStore store = SampleSeries.store(12, HORIZON, 0);
        Forecaster forecaster = train(nHits(), store, "run")) {
      Forecast future = forecaster.forecast(store, FutureRequest.all());
      assertThat(future.series()).hasSize(12);
      assertThat(future.tooShort()).isEmpty();
      Forecast.SeriesForecast one = future.of(SampleSeries.key(4)).orElseThrow();
      // 2020-01-03 and 120 weeks.
      assertThat(one.times())
          .containsExactly(
              "2022-04-22", "2022-04-29", "2022-05-06", "2022-05-13", "2022-05-20", "2022-05-27");
      assertThat(one.quantiles()).isEmpty();
      double level = store.value(4, SampleSeries.LENGTH - 1, 0);
      assertThat(one.values())
          .allSatisfy(value -> assertThat(value).isBetween(0.1 * level, 9 * level));
      FutureRequest request = FutureRequest.of(SampleSeries.key(7), SampleSeries.key(2));
      Forecast two = forecaster.forecast(store, request);
      assertThat(two.series().stream().map(Forecast.SeriesForecast::key))
          .containsExactly(SampleSeries.key(7), SampleSeries.key(2));
      assertThat(two.series().get(1).values().get(3))
          .isCloseTo(
              future.series().get(2).values().get(3),
              org.assertj.core.data.Percentage.withPercentage(0.001));
    }
  }

  @Test
  void takesCovariatesThatTheTableDoesNotHoldFromTheRequest() {
    try (SeriesStore whole = SampleSeries.store(12, HORIZON, 0);
        SeriesStore bare = SampleSeries.store(12, 0, 0);
        Forecaster forecaster = train(nHits().epochs(10), bare, "run")) {
      FutureRequest key = FutureRequest.of(SampleSeries.key(5));
      HdlException missing =
          catchThrowableOfType(HdlException.class, () -> forecaster.forecast(bare, key));
      assertThat(missing.code()).isEqualTo(ErrorCode.INVALID_DATA);
      assertThat(missing)
          .hasMessageContaining("Cannot forecast series store 2/item 5: promotion")
          .hasMessageContaining("missing for 2022-04-22")
          .hasMessageContaining("FutureRequest.known");

      KnownFuture quiet =
          (series, column, time) -> Optional.of(column.equals("season") ? "warm" : (Object) false);
      KnownFuture busy =
          (series, column, time) -> Optional.of(column.equals("season") ? "warm" : (Object) 1);
      double calm = values(forecaster.forecast(bare, key.known(quiet))).get(0);
      double loud = values(forecaster.forecast(bare, key.known(busy))).get(0);
      assertThat(loud).isGreaterThan(1.2 * calm);

      KnownFuture wrong = (series, column, time) -> Optional.of("perhaps");
      assertThatThrownBy(() -> forecaster.forecast(bare, key.known(wrong)))
          .isInstanceOf(HdlException.class)
          .hasMessageContaining(
              "promotion at 2022-04-22 is perhaps (expected: true, false, 0 or 1)");
      KnownFuture never =
          (series, column, time) -> {
            throw new AssertionError("the table holds " + column + " for " + time);
          };
      assertThat(forecaster.forecast(whole, key.known(never)).series()).hasSize(1);
    }
  }

  @Test
  void namesASeriesThatDoesNotExistOrIsTooShort() {
    try (SeriesStore store = SampleSeries.store(3, HORIZON, 0);
        Forecaster forecaster = train(nHits(), store, "run")) {
      FutureRequest nobody = FutureRequest.of(SeriesKey.of("store 9", "item 9"));
      HdlException unknown =
          catchThrowableOfType(HdlException.class, () -> forecaster.forecast(store, nobody));
      assertThat(unknown.code()).isEqualTo(ErrorCode.NOT_FOUND);
      assertThat(unknown)
          .hasMessageContaining("series store 9/item 9: the data has no such series")
          .hasMessageContaining("store 0/item 0");

      SeriesStore.Builder builder =
          SeriesStore.builder(store.axis(), store.channels(), store.constants());
      builder.add(SampleSeries.key(0), 0, new float[4 * 10], new float[] {0});
      try (SeriesStore young = builder.build()) {
        HdlException tooShort =
            catchThrowableOfType(
                HdlException.class,
                () -> forecaster.forecast(young, FutureRequest.of(SampleSeries.key(0))));
        assertThat(tooShort.code()).isEqualTo(ErrorCode.NOT_ENOUGH_DATA);
        assertThat(tooShort).hasMessageContaining("has 10 steps, the model needs 24");
        assertThat(forecaster.forecast(young, FutureRequest.all()).tooShort())
            .containsExactly(SampleSeries.key(0));
      }
    }
  }

  @Test
  void translatesCategoriesOfAnotherTable() {
    try (SeriesStore store = SampleSeries.store(6, HORIZON, 0);
        Forecaster forecaster = train(nHits(), store, "run")) {
      List<Channel> channels = new ArrayList<>(store.channels());
      channels.set(
          2,
          new Channel(
              "season", Channel.Role.KNOWN, Channel.Kind.CATEGORY, List.of("new", "warm", "cold")));
      SeriesStore.Builder builder = SeriesStore.builder(store.axis(), channels, store.constants());
      for (int s = 0; s < store.seriesCount(); s++) {
        float[] values = new float[store.length(s) * 4];
        for (int t = 0; t < store.length(s); t++) {
          for (int c = 0; c < 4; c++) {
            float value = store.value(s, t, c);
            values[t * 4 + c] = c == 2 ? 2 - value : value;
          }
        }
        builder.add(
            store.keys().get(s), store.firstStep(s), values, new float[] {store.constant(s, 0)});
      }
      try (SeriesStore renumbered = builder.build()) {
        assertThat(values(forecaster.forecast(renumbered, FutureRequest.all())))
            .isEqualTo(values(forecaster.forecast(store, FutureRequest.all())));
      }
    }
  }

  @Test
  void refusesDataWithOtherColumns() {
    try (SeriesStore store = SampleSeries.store(3);
        Forecaster forecaster = train(nHits(), store, "run")) {
      SeriesStore.Builder builder =
          SeriesStore.builder(
              store.axis(), List.of(Channel.number("sales", Channel.Role.TARGET)), List.of());
      builder.add(SampleSeries.key(0), 0, new float[40], new float[0]);
      try (SeriesStore other = builder.build()) {
        HdlException refused =
            catchThrowableOfType(
                HdlException.class, () -> forecaster.forecast(other, FutureRequest.all()));
        assertThat(refused.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
        assertThat(refused).hasMessageContaining("promotion KNOWN BOOLEAN");
      }
    }
  }

  @Test
  void givesQuantilesInOrder() {
    try (SeriesStore store = SampleSeries.store(12, HORIZON, 0);
        Forecaster forecaster =
            train(nHits().loss(Losses.quantiles(0.1, 0.5, 0.9)), store, "run")) {
      assertThat(forecaster.quantiles()).containsExactly(0.1, 0.5, 0.9);
      for (Forecast.SeriesForecast one : forecaster.forecast(store, FutureRequest.all()).series()) {
        assertThat(one.quantiles().keySet()).containsExactly(0.1, 0.5, 0.9);
        assertThat(one.quantiles().get(0.5)).isEqualTo(one.values());
        for (int step = 0; step < HORIZON; step++) {
          assertThat(quantile(one, 0.1).get(step)).isLessThanOrEqualTo(one.values().get(step));
          assertThat(quantile(one, 0.9).get(step)).isGreaterThanOrEqualTo(one.values().get(step));
        }
      }
      Evaluator evaluator = Evaluator.of(store, SPLIT, 24, HORIZON).season(SampleSeries.SEASON);
      assertThat(evaluator.backtest(forecaster.predictor(store)).test().quantiles()).hasSize(3);
    }
  }

  private static List<Double> quantile(Forecast.SeriesForecast one, double quantile) {
    return Objects.requireNonNull(one.quantiles().get(quantile));
  }

  @Test
  void comesBackFromDiskWithTheSameForecasts() {
    Path folder = home.resolve("saved");
    try (SeriesStore store = SampleSeries.store(12, HORIZON, 0)) {
      List<Double> before;
      String weights;
      try (Forecaster forecaster = train(nHits(), store, "run")) {
        before = values(forecaster.forecast(store, FutureRequest.all()));
        weights = forecaster.weightsSha256();
        forecaster.save(folder);
        forecaster.save(folder);
      }
      try (Forecaster loaded = Forecaster.load(folder)) {
        assertThat(loaded.weightsSha256()).isEqualTo(weights);
        assertThat(loaded.training()).containsEntry("model", "nhits").containsEntry("horizon", "6");
        assertThat(values(loaded.forecast(store, FutureRequest.all()))).isEqualTo(before);
      }
    }
  }

  @Test
  void loadsAModelThatHdlDoesNotBringFromItsSpecification() {
    ForecastModel own = new FailingModel(DLinear.defaults().kernel(5), new AtomicInteger(), -1);
    Path folder = home.resolve("own");
    try (SeriesStore store = SampleSeries.store(3, HORIZON, 0)) {
      try (Forecaster forecaster = train(training(own).epochs(1), store, "run")) {
        forecaster.save(folder);
      }
      assertThatThrownBy(() -> Forecaster.load(folder))
          .isInstanceOf(HdlException.class)
          .hasMessageContaining("Cannot build model \"failing\": hdl brings deepar, dlinear, ");
      try (Forecaster loaded = Forecaster.load(folder, own)) {
        assertThat(loaded.forecast(store, FutureRequest.all()).series()).hasSize(3);
      }
    }
  }

  @Test
  void saysWhatIsWrongWithASavedFolder() throws IOException {
    Path folder = home.resolve("saved");
    HdlException none = catchThrowableOfType(HdlException.class, () -> Forecaster.load(folder));
    assertThat(none.code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(none).hasMessageContaining("there is no forecaster.json");

    try (SeriesStore store = SampleSeries.store(3);
        Forecaster forecaster = train(nHits().epochs(1), store, "run")) {
      forecaster.save(folder);
    }
    Path manifest = folder.resolve("forecaster.json");
    Path weights = folder.resolve("weights.safetensors");
    String json = Files.readString(manifest);
    byte[] bytes = Files.readAllBytes(weights);

    Files.writeString(manifest, json.replace("\"format\" : 1", "\"format\" : 3"));
    refuses(
        folder,
        ErrorCode.UNSUPPORTED_FEATURE,
        "it has format 3, this release of hdl reads the formats 1 and 2");
    Files.writeString(manifest, json.replace("\"horizon\" : 6,", "\"horizon\" : 0,"));
    refuses(folder, ErrorCode.CORRUPT_DATA, "horizon: 0");
    Files.writeString(manifest, json.replace("\"hidden\" : \"32\"", "\"hidden\" : \"16\""));
    refuses(folder, ErrorCode.CORRUPT_DATA, "has the shape");
    Files.writeString(manifest, json);

    byte[] flipped = bytes.clone();
    flipped[flipped.length - 1] ^= 1;
    Files.write(weights, flipped);
    refuses(folder, ErrorCode.CORRUPT_DATA, "its checksum is not the one in forecaster.json");
    Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length - 8));
    refuses(folder, ErrorCode.CORRUPT_DATA, "ends behind the end of the file");
    Files.delete(weights);
    refuses(folder, ErrorCode.NOT_FOUND, "weights.safetensors");
    Files.write(weights, bytes);
    Forecaster.load(folder).close();
  }

  private static void refuses(Path folder, ErrorCode code, String text) {
    HdlException refused = catchThrowableOfType(HdlException.class, () -> Forecaster.load(folder));
    assertThat(refused).hasMessageContaining(text);
    assertThat(refused.code()).isEqualTo(code);
  }

  @Test
  void forecastsFromSeveralThreadsAtOnce() throws Exception {
    try (SeriesStore store = SampleSeries.store(12, HORIZON, 0);
        Forecaster forecaster = train(nHits(), store, "run")) {
      List<Double> expected = values(forecaster.forecast(store, FutureRequest.all()));
      ExecutorService threads = Executors.newFixedThreadPool(4);
      try {
        List<Future<List<Double>>> answers =
            IntStream.range(0, 32)
                .mapToObj(
                    i ->
                        threads.submit(
                            () -> values(forecaster.forecast(store, FutureRequest.all()))))
                .toList();
        for (Future<List<Double>> answer : answers) {
          assertThat(answer.get()).isEqualTo(expected);
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }
}
