package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Trained;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.series.SeriesStore;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.Centering;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.DeepAr;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.NHits;
import io.hdl.train.model.RecurrentCell;
import io.hdl.train.optim.Adam;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplePathsTest {
  private static final int HORIZON = 6;

  @TempDir Path home;

  private static ForecastTraining training(ForecastModel model) {
    return SampleSeries.training(model, HORIZON)
        .epochs(12)
        .patience(12)
        .optimizer(Adam.learningRate(1e-2))
        .withoutReport();
  }

  private Trained<Forecaster> train(ForecastTraining training, SeriesStore store, String run) {
    return training.train(store, TestJobContext.in(home, "demand", run));
  }

  private static double wape(Scores scores) {
    return scores.value("wape").orElseThrow();
  }

  private static List<Double> quantile(Forecast.SeriesForecast one, double quantile) {
    return Objects.requireNonNull(one.quantiles().get(quantile));
  }

  private static DeepAr deepAr() {
    return DeepAr.defaults()
        .cell(RecurrentCell.GRU)
        .hidden(24)
        .layers(1)
        .lags(1, SampleSeries.SEASON)
        .samplePaths(60);
  }

  @Test
  void deepArLearnsAndForecastsFromItsPaths() {
    Path folder = home.resolve("saved");
    try (SeriesStore store = SampleSeries.store(12, HORIZON, 0)) {
      Trained<Forecaster> trained =
          train(training(deepAr()).loss(Losses.negativeBinomial()), store, "run");
      Forecast future;
      SamplePaths drawn;
      try (Forecaster forecaster = trained.model()) {
        Evaluation evaluation = trained.evaluation();
        double naive = wape(Objects.requireNonNull(evaluation.baselines().get("seasonal_naive")));
        assertThat(wape(evaluation.model())).isLessThan(0.8 * naive);
        future = forecaster.forecast(store, FutureRequest.all());
        drawn = forecaster.samplePaths(store, FutureRequest.all(), 60);
        forecaster.save(folder);
      }
      for (int s = 0; s < 12; s++) {
        Forecast.SeriesForecast one = future.series().get(s);
        SamplePaths.SeriesPaths paths = drawn.series().get(s);
        assertThat(paths.key()).isEqualTo(one.key());
        assertThat(paths.times()).isEqualTo(one.times());
        assertThat(paths.paths()).hasSize(60).allSatisfy(path -> assertThat(path).hasSize(HORIZON));
        for (int step = 0; step < HORIZON; step++) {
          int t = step;
          List<Double> sorted = paths.paths().stream().map(path -> path.get(t)).sorted().toList();
          assertThat(sorted).allSatisfy(x -> assertThat(x).isEqualTo(Math.rint(x)).isNotNegative());
          assertThat(one.values().get(t)).isEqualTo((sorted.get(29) + sorted.get(30)) / 2);
          assertThat(sorted.get(0)).isLessThan(sorted.get(59));
        }
      }
      FutureRequest request = FutureRequest.of(SampleSeries.key(7));
      try (Forecaster loaded = Forecaster.load(folder)) {
        assertThat(loaded.forecast(store, FutureRequest.all())).isEqualTo(future);
        // Alone in its batch, a series has the same paths but for the rounding of the network.
        List<Double> alone = loaded.forecast(store, request).series().get(0).values();
        for (int step = 0; step < HORIZON; step++) {
          assertThat(alone.get(step))
              .isCloseTo(future.series().get(7).values().get(step), Percentage.withPercentage(2));
        }
      }
    }
  }

  @Test
  void otherModelsDrawEachStepFromItsOwnDistribution() {
    ForecastModel model = NHits.defaults().hidden(32).centering(Centering.NONE);
    try (SeriesStore store = SampleSeries.store(12, HORIZON, 0);
        Forecaster forecaster =
            train(training(model).epochs(3).loss(Losses.studentT()), store, "run").model()) {
      Forecast.SeriesForecast one = forecaster.forecast(store, FutureRequest.all()).series().get(3);
      SamplePaths.SeriesPaths paths =
          forecaster.samplePaths(store, FutureRequest.all(), 2000).series().get(3);
      for (int step = 0; step < HORIZON; step++) {
        int t = step;
        double low = quantile(one, 0.1).get(t);
        double high = quantile(one, 0.9).get(t);
        assertThat(one.values().get(t)).isStrictlyBetween(low, high);
        long below = paths.paths().stream().filter(path -> path.get(t) < low).count();
        long above = paths.paths().stream().filter(path -> path.get(t) > high).count();
        assertThat(below).isBetween(140L, 260L);
        assertThat(above).isBetween(140L, 260L);
      }
    }
  }

  @Test
  void saysWhyThereAreNoPathsOfAPointForecast() {
    try (SeriesStore store = SampleSeries.store(3, HORIZON, 0);
        Forecaster forecaster =
            train(training(DLinear.defaults()).epochs(1), store, "run").model()) {
      HdlException refused =
          catchThrowableOfType(
              HdlException.class, () -> forecaster.samplePaths(store, FutureRequest.all(), 10));
      assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED_FEATURE);
      assertThat(refused)
          .hasMessageContaining("trained for the loss mae, which is not a distribution's");
      assertThatThrownBy(() -> forecaster.samplePaths(store, FutureRequest.all(), 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("paths: 0 (expected: >= 1)");
    }
  }
}
