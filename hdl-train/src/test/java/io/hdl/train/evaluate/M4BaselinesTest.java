package io.hdl.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Opened;
import io.hdl.core.testing.TestData;
import io.hdl.data.DeltaSource;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds baselines and metrics against the official figures of the M4 competition. */
class M4BaselinesTest {
  @Test
  void givesTheOfficialFiguresOfTheHourlySeries() {
    Evaluation evaluation = evaluation("m4_hourly", 414, 48, 24);
    assertScores(evaluation, Baseline.SEASONAL_NAIVE, 13.912, 1.193, 0.627);
    assertScores(evaluation, Baseline.NAIVE2, 18.383, 2.395, 1.000);
    assertScores(evaluation, Baseline.THETA, 18.138, 2.455, 1.006);
  }

  @Test
  void givesTheOfficialFiguresOfTheWeeklySeries() {
    Evaluation evaluation = evaluation("m4_weekly", 359, 13, 1);
    assertScores(evaluation, Baseline.SEASONAL_NAIVE, 9.161, 2.777, 1.000);
    assertScores(evaluation, Baseline.NAIVE2, 9.161, 2.777, 1.000);
    assertScores(evaluation, Baseline.THETA, 9.093, 2.637, 0.971);
  }

  private static Evaluation evaluation(String name, int series, int horizon, int season) {
    String table = TestData.require("forecast/" + name).toString();
    SeriesSpec spec =
        SeriesSpec.keyedBy("series_id").orderedBy("t", Frequency.INTEGER).target("value");
    try (Opened<SeriesStore> opened = DeltaSource.at(table).series(spec).load()) {
      Evaluation evaluation =
          Evaluator.of(opened.data(), Split.last(0, horizon), 1, horizon)
              .season(season)
              .baselines(List.of(Baseline.SEASONAL_NAIVE, Baseline.NAIVE2, Baseline.THETA))
              .backtest(Baseline.naive(opened.data()))
              .evaluation();
      assertThat(evaluation.series()).isEqualTo(series);
      return evaluation;
    }
  }

  private static void assertScores(
      Evaluation evaluation, String baseline, double smape, double mase, double owa) {
    Scores scores = evaluation.baselines().getOrDefault(baseline, Scores.NONE);
    assertThat(scores.value("smape").orElseThrow()).as(baseline).isCloseTo(smape, within(0.0005));
    assertThat(scores.value("mase").orElseThrow()).as(baseline).isCloseTo(mase, within(0.0005));
    // The table rounds 0.6275 of the seasonal naive down.
    assertThat(scores.value("owa").orElseThrow()).as(baseline).isCloseTo(owa, within(0.0006));
  }
}
