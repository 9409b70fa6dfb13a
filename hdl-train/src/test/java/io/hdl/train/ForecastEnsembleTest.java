package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.train.evaluate.Combination;
import io.hdl.train.evaluate.Evaluator;
import io.hdl.train.evaluate.WindowPredictor;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.NHits;
import io.hdl.train.parallel.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastEnsembleTest {
  private static final int HORIZON = 6;
  private static final Split SPLIT = Split.last(HORIZON, HORIZON);

  @TempDir Path home;

  private Forecaster train(ForecastModel model, int context, int horizon, SeriesStore store) {
    return ForecastTraining.of(model)
        .context(context)
        .horizon(horizon)
        .split(SPLIT)
        .devices(Devices.cpu())
        .globalBatchSize(128)
        .epochs(1)
        .loss(Losses.quantiles(0.2, 0.5))
        .withoutReport()
        .train(store, TestJobContext.in(home, "demand", model.name() + context + "-" + horizon))
        .model();
  }

  private static Forecaster loaded(Forecaster forecaster, Path folder) {
    forecaster.save(folder);
    return Forecaster.load(folder);
  }

  @Test
  void forecastsWhatItsMembersForecastTogetherAndSurvivesASave() {
    try (SeriesStore store = SampleSeries.store(9, HORIZON, 0)) {
      Forecaster first = train(NHits.defaults().hidden(16), 24, HORIZON, store);
      Forecaster second = train(DLinear.defaults(), 30, HORIZON, store);
      try (ForecastEnsemble ensemble =
          ForecastEnsemble.of(Combination.MEAN, List.of(first, second))) {
        assertThat(ensemble.context()).isEqualTo(24);
        assertThat(ensemble.horizon()).isEqualTo(HORIZON);
        Forecast together = ensemble.forecast(store, FutureRequest.all());
        Forecast one = first.forecast(store, FutureRequest.all());
        Forecast other = second.forecast(store, FutureRequest.all());
        assertThat(together.series()).hasSize(9);
        for (int s = 0; s < 9; s++) {
          Forecast.SeriesForecast combined = together.series().get(s);
          assertThat(combined.key()).isEqualTo(SampleSeries.key(s));
          assertThat(combined.times()).isEqualTo(one.series().get(s).times());
          assertThat(combined.quantiles()).containsOnlyKeys(0.2, 0.5);
          for (int step = 0; step < HORIZON; step++) {
            double mean =
                (one.series().get(s).values().get(step) + other.series().get(s).values().get(step))
                    / 2;
            assertThat(combined.values().get(step)).isCloseTo(mean, within(1e-3 * Math.abs(mean)));
          }
        }
        Path folder = home.resolve("ensemble");
        ensemble.save(folder);
        try (ForecastEnsemble again = ForecastEnsemble.load(folder)) {
          assertThat(again.combination()).isEqualTo(Combination.MEAN);
          assertThat(again.members()).hasSize(2);
          assertThat(again.forecast(store, FutureRequest.all())).isEqualTo(together);
        }
      }
    }
  }

  @Test
  void isScoredLikeAForecasterWhateverItsMembersSee() {
    try (SeriesStore store = SampleSeries.store(6, HORIZON, 0)) {
      Forecaster near = train(DLinear.defaults(), 12, HORIZON, store);
      Forecaster far = train(DLinear.defaults(), 60, HORIZON, store);
      Evaluator evaluator = Evaluator.of(store, SPLIT, 12, HORIZON);
      try (ForecastEnsemble ensemble = ForecastEnsemble.of(Combination.MEDIAN, List.of(near, far));
          WindowPredictor together = ensemble.predictor(store);
          WindowPredictor alone = near.predictor(store)) {
        double ensembleMae = evaluator.errors(Part.TEST, together).total().mae();
        double nearMae = evaluator.errors(Part.TEST, alone).total().mae();
        assertThat(ensembleMae).isFinite().isNotEqualTo(nearMae);
        assertThat(evaluator.errors(Part.TEST, together).windows()).isEqualTo(6);
      }
    }
  }

  @Test
  void leavesYoungSeriesToTheMembersThatSeeEnough() {
    SeriesStore whole = SampleSeries.store(4, HORIZON, 0);
    SeriesStore.Builder builder =
        SeriesStore.builder(whole.axis(), whole.channels(), whole.constants());
    int[] lengths = {SampleSeries.LENGTH, 20, 8, SampleSeries.LENGTH};
    for (int s = 0; s < 4; s++) {
      float[] values = new float[(lengths[s] + HORIZON) * 4];
      for (int i = 0; i < values.length; i++) {
        boolean future = i / 4 >= lengths[s] && i % 4 == 0;
        values[i] = future ? Float.NaN : whole.value(s, i / 4, i % 4);
      }
      builder.add(SampleSeries.key(s), whole.firstStep(s), values, new float[] {0});
    }
    try (whole;
        SeriesStore store = builder.build()) {
      Forecaster near = train(DLinear.defaults(), 12, HORIZON, store);
      Forecaster far = train(DLinear.defaults(), 60, HORIZON, store);
      try (ForecastEnsemble ensemble = ForecastEnsemble.of(Combination.MEAN, List.of(near, far))) {
        Forecast future = ensemble.forecast(store, FutureRequest.all());
        assertThat(future.tooShort()).containsExactly(SampleSeries.key(2));
        assertThat(future.series()).hasSize(3);
        SeriesKey young = SampleSeries.key(1);
        List<Double> alone =
            near.forecast(store, FutureRequest.of(young)).of(young).orElseThrow().values();
        List<Double> together = future.of(young).orElseThrow().values();
        for (int step = 0; step < HORIZON; step++) {
          assertThat(together.get(step)).isCloseTo(alone.get(step), withinPercentage(0.001));
        }
        assertThatThrownBy(() -> ensemble.forecast(store, FutureRequest.of(SampleSeries.key(2))))
            .isInstanceOfSatisfying(
                HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_ENOUGH_DATA))
            .hasMessageContaining("its history has 8 steps, the model needs 12");
        assertThatThrownBy(
                () -> ensemble.forecast(store, FutureRequest.of(SeriesKey.of("no", "such"))))
            .isInstanceOfSatisfying(
                HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
      }
    }
  }

  @Test
  void refusesMembersThatDoNotGoTogether() {
    try (SeriesStore store = SampleSeries.store(6, HORIZON, 0);
        Forecaster six = train(DLinear.defaults(), 12, HORIZON, store);
        Forecaster three = train(DLinear.defaults(), 12, 3, store)) {
      assertThatThrownBy(() -> ForecastEnsemble.of(Combination.MEAN, List.of()))
          .hasMessage("members: [] (expected: at least one)");
      assertThatThrownBy(() -> ForecastEnsemble.of(Combination.MEAN, List.of(six, three)))
          .hasMessage("horizon: 3 (expected: 6 of all members)");
    }
  }

  @Test
  void saysWhatIsWrongWithASavedFolder() throws IOException {
    Path folder = home.resolve("ensemble");
    assertThatThrownBy(() -> ForecastEnsemble.load(folder))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessageContaining("there is no ensemble.json");
    try (SeriesStore store = SampleSeries.store(6, HORIZON, 0);
        Forecaster one = train(DLinear.defaults(), 12, HORIZON, store);
        Forecaster other = train(DLinear.defaults(), 18, HORIZON, store);
        ForecastEnsemble ensemble =
            ForecastEnsemble.of(Combination.MEAN, List.of(loaded(one, home.resolve("m"))))) {
      ensemble.save(folder);
      other.save(folder.resolve("member-1"));
      assertThatThrownBy(() -> ForecastEnsemble.load(folder))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
          .hasMessageContaining("member-1 has other weights than those saved");
      String json = Files.readString(folder.resolve("ensemble.json"));
      AtomicPublish.text(
          folder.resolve("ensemble.json"), json.replace("\"format\" : 1", "\"format\" : 9"));
      assertThatThrownBy(() -> ForecastEnsemble.load(folder))
          .isInstanceOfSatisfying(
              HdlException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_FEATURE))
          .hasMessageContaining("it has format 9");
    }
  }
}
