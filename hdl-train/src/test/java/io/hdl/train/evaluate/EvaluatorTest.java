package io.hdl.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.error.JobCancelledException;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Cancellation;
import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowSelection;
import io.hdl.data.series.Windows;
import io.hdl.train.metric.Metrics;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
  private static final WindowPredictor TENS =
      (windows, from, count, out) -> {
        for (int i = 0; i < count * windows.horizon(); i++) {
          out[i] = 10;
        }
      };

  @Test
  void scoresAgainstLabelsScaledByTheHistoryBeforeThePart() {
    float[] first = {1, 3, 2, 6, 8, 12, 14};
    float[] second = {5, 5, 5, 5, 5, Float.NaN, 9};
    try (SeriesStore store = SeasonalSales.of(first, second)) {
      Evaluator evaluator = Evaluator.of(store, Split.last(1, 2), 2, 2);
      PartErrors errors = evaluator.errors(Part.TEST, TENS);
      // labels 12, 14 and 9: errors 2, 4 and 1
      Scores scores = errors.scores();
      assertThat(scores.value("wape")).hasValue(7.0 / 35);
      assertThat(scores.value("mae").orElseThrow()).isCloseTo(7.0 / 3, within(1e-12));
      assertThat(scores.value("mse").orElseThrow()).isCloseTo(21.0 / 3, within(1e-12));
      assertThat(scores.value("rmse").orElseThrow()).isCloseTo(Math.sqrt(7), within(1e-12));
      // history 1 3 2 6 8 changes by 2 1 4 2; the second series never changes and has no scale
      assertThat(scores.value("mase").orElseThrow()).isCloseTo(3 / 2.25, within(1e-12));
      assertThat(errors.windowsWithoutScale()).isEqualTo(1);
      assertThat(scores.values().keySet())
          .containsExactly("wape", "mae", "rmse", "smape", "mase", "mse", "rmsse");
      assertThat(errors.ofSeries(1).mae()).isEqualTo(1);
      assertThat(errors.ofSeries(1).count()).isEqualTo(1);
      assertThat(errors.atStep(0).count()).isEqualTo(1);
      assertThat(errors.atStep(1).bias()).isEqualTo((-4.0 + 1) / 2);
      assertThat(errors.seriesScored()).isEqualTo(2);
    }
  }

  @Test
  void givesTheSameScoresWhateverTheBatchSize() {
    try (SeriesStore store = SeasonalSales.random(7, 90, 3)) {
      Evaluator evaluator = Evaluator.of(store, Split.last(10, 20), 12, 4).season(12);
      Backtest whole = evaluator.backtest(TENS);
      Backtest pieces = evaluator.batchSize(3).backtest(TENS);
      assertThat(pieces.evaluation()).isEqualTo(whole.evaluation());
      assertThat(whole.evaluation().windows()).isEqualTo(7 * 17);
      assertThat(whole.evaluation().series()).isEqualTo(7);
      assertThat(whole.evaluation().baselines()).containsOnlyKeys("naive", "seasonal_naive");
      assertThat(whole.evaluation().validation()).isNotEqualTo(Scores.NONE);
      assertThat(wape(whole, "seasonal_naive")).isLessThan(wape(whole, "naive"));
    }
  }

  @Test
  void agreesWithTheDefinitionsOnArrays() {
    try (SeriesStore store = SeasonalSales.random(1, 60, 11)) {
      PartErrors errors =
          Evaluator.of(store, Split.last(4, 8), 12, 8).season(12).errors(Part.TEST, TENS);
      double[] history = new double[52];
      for (int t = 0; t < 52; t++) {
        history[t] = store.value(0, t, 0);
      }
      double[] actual = new double[8];
      double[] forecast = new double[8];
      for (int t = 0; t < 8; t++) {
        actual[t] = store.value(0, 52 + t, 0);
        forecast[t] = 10;
      }
      Scores scores = errors.scores();
      assertThat(scores.value("smape").orElseThrow())
          .isCloseTo(Metrics.smape(actual, forecast), within(1e-9));
      assertThat(scores.value("mase").orElseThrow())
          .isCloseTo(
              Metrics.mase(actual, forecast, Metrics.seasonalScale(history, 12)), within(1e-9));
    }
  }

  @Test
  void leavesUndefinedMetricsOutAndShowsBrokenForecasts() {
    try (SeriesStore store = SeasonalSales.of(new float[] {0, 0, 0, 0, 0, 0})) {
      Evaluator evaluator = Evaluator.of(store, Split.last(0, 2), 2, 2);
      Scores scores = evaluator.errors(Part.TEST, TENS).scores();
      assertThat(scores.values()).containsOnlyKeys("mae", "rmse", "smape", "mse");
      Scores broken =
          evaluator
              .errors(
                  Part.TEST, (windows, from, count, out) -> java.util.Arrays.fill(out, Float.NaN))
              .scores();
      assertThat(broken.value("mae").orElseThrow()).isNaN();
    }
  }

  @Test
  void hasNoValidationScoresWithoutAValidationPart() {
    try (SeriesStore store = SeasonalSales.random(2, 40, 1)) {
      Backtest backtest = Evaluator.of(store, Split.last(0, 8), 12, 8).backtest(TENS);
      assertThat(backtest.evaluation().validation()).isEqualTo(Scores.NONE);
      assertThat(backtest.evaluation().part()).isEqualTo("test");
    }
  }

  @Test
  void scoresQuantiles() {
    WindowPredictor withBand =
        new WindowPredictor() {
          @Override
          public void predict(Windows windows, long from, int count, float[] out) {
            TENS.predict(windows, from, count, out);
          }

          @Override
          public List<Double> quantiles() {
            return List.of(0.1, 0.9);
          }

          @Override
          public void predictQuantiles(Windows windows, long from, int count, float[] out) {
            for (int i = 0; i < count; i++) {
              out[i * 4] = 0;
              out[i * 4 + 1] = 100;
              out[i * 4 + 2] = 20;
              out[i * 4 + 3] = 20;
            }
          }
        };
    try (SeriesStore store = SeasonalSales.of(new float[] {1, 2, 3, 10, 10})) {
      PartErrors errors = Evaluator.of(store, Split.last(0, 2), 2, 2).errors(Part.TEST, withBand);
      assertThat(errors.quantiles()).hasSize(2);
      assertThat(errors.quantiles().get(0).coverage()).isEqualTo(0.5);
      assertThat(errors.quantiles().get(1).coverage()).isEqualTo(1);
      // 0.1: (0.1 * 10 + 0.9 * 90) / 2; 0.9: 0.1 * 10
      assertThat(errors.quantiles().get(0).pinball()).isCloseTo(41, within(1e-9));
      assertThat(errors.quantiles().get(1).pinball()).isCloseTo(1, within(1e-9));
      assertThat(errors.scores().value("pinball").orElseThrow()).isCloseTo(21, within(1e-9));
    }
  }

  @Test
  void scoresTheWindowsThatAreChosen() {
    try (SeriesStore store = SeasonalSales.random(3, 60, 2)) {
      Evaluator all = Evaluator.of(store, Split.last(10, 20), 12, 4);
      assertThat(all.errors(Part.TEST, TENS).windows()).isEqualTo(3 * 17);
      Evaluator strided = all.windows(WindowSelection.all().stride(4));
      assertThat(strided.errors(Part.TEST, TENS).windows()).isEqualTo(3 * 5);
      Evaluator last = all.windows(WindowSelection.all().last());
      Windows windows = last.windows(Part.TEST);
      assertThat(windows.size()).isEqualTo(3);
      assertThat(windows.origin(1)).isEqualTo(56);
      assertThat(last.season(12).batchSize(2).windows(Part.VALIDATION).origin(0)).isEqualTo(36);
    }
  }

  @Test
  void countsErrorsOnTheTargetStandardisedByTheTrainingPart() {
    // training 1 3 1 3: mean 2, deviation 1; 10 20 10 20: mean 15, deviation 5
    float[] first = {1, 3, 1, 3, 7, 9};
    float[] second = {10, 20, 10, 20, Float.NaN, 30};
    try (SeriesStore store = SeasonalSales.of(first, second)) {
      Split split = Split.last(0, 2);
      Evaluator evaluator = Evaluator.of(store, split, 2, 2);
      Evaluator scaled = evaluator.scaledBy(Scaler.fit(store, split, Scaling.STANDARD));
      PartErrors errors = scaled.errors(Part.TEST, TENS);
      // 10 less 7 and 9 by 1, 10 less 30 by 5; one label is missing
      assertThat(errors.scores().value("mae").orElseThrow())
          .isCloseTo((3 + 1 + 4) / 3.0, within(1e-6));
      assertThat(errors.scores().value("mse").orElseThrow())
          .isCloseTo((9 + 1 + 16) / 3.0, within(1e-6));
      // the scale of MASE shrinks with the target
      assertThat(errors.scores().value("mase").orElseThrow())
          .isCloseTo(
              evaluator.errors(Part.TEST, TENS).scores().value("mase").orElseThrow(), within(1e-6));
    }
  }

  @Test
  void stopsWhenTheJobIsCancelled() {
    try (SeriesStore store = SeasonalSales.random(2, 40, 1)) {
      Cancellation cancellation = new Cancellation();
      Evaluator evaluator = Evaluator.of(store, Split.last(0, 8), 12, 8).cancelledBy(cancellation);
      cancellation.request("SIGTERM");
      assertThatThrownBy(() -> evaluator.backtest(TENS))
          .isInstanceOf(JobCancelledException.class)
          .hasMessageContaining("SIGTERM");
    }
  }

  @Test
  void refusesAHorizonOfZero() {
    try (SeriesStore store = SeasonalSales.random(1, 40, 1)) {
      assertThatThrownBy(() -> Evaluator.of(store, Split.last(0, 8), 12, 0))
          .hasMessage("horizon: 0 (expected: >= 1)");
      assertThatThrownBy(() -> Evaluator.of(store, Split.last(0, 8), 12, 8).season(0))
          .hasMessage("season: 0 (expected: >= 1)");
    }
  }

  private static double wape(Backtest backtest, String baseline) {
    return backtest
        .evaluation()
        .baselines()
        .getOrDefault(baseline, Scores.NONE)
        .value("wape")
        .orElseThrow();
  }
}
