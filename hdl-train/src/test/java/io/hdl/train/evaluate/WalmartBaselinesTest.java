package io.hdl.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Opened;
import io.hdl.core.testing.TestData;
import io.hdl.data.DeltaSource;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesFilter;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import org.junit.jupiter.api.Test;

/** Holds the metrics and baselines against independent figures on weekly sales of 45 stores. */
class WalmartBaselinesTest {
  @Test
  void agreesWithIndependentFigures() {
    String table = TestData.require("forecast/walmart_weekly").toString();
    SeriesSpec sales =
        SeriesSpec.keyedBy("store", "dept")
            .orderedBy("date", Frequency.WEEKLY)
            .target("weekly_sales")
            .keep(SeriesFilter.COMPLETE);
    try (Opened<SeriesStore> opened = DeltaSource.at(table).series(sales).load()) {
      Evaluator evaluator = Evaluator.of(opened.data(), Split.steps(127, 8, 8), 52, 8).season(52);
      Evaluation evaluation = evaluator.backtest(Baseline.naive(opened.data())).evaluation();
      assertThat(evaluation.series()).isEqualTo(2660);
      assertThat(evaluation.windows()).isEqualTo(2660);
      assertScores(evaluation.model(), 0.1560, 2645.7, 6131.8, 1.4452);
      assertThat(evaluation.baselines().get(Baseline.NAIVE)).isEqualTo(evaluation.model());
      assertScores(
          evaluation.baselines().getOrDefault(Baseline.SEASONAL_NAIVE, Scores.NONE),
          0.1034,
          1754.3,
          3584.5,
          0.8788);
    }
  }

  private static void assertScores(
      Scores scores, double wape, double mae, double rmse, double mase) {
    assertThat(scores.value("wape").orElseThrow()).isCloseTo(wape, within(0.00005));
    assertThat(scores.value("mae").orElseThrow()).isCloseTo(mae, within(0.05));
    assertThat(scores.value("rmse").orElseThrow()).isCloseTo(rmse, within(0.05));
    assertThat(scores.value("mase").orElseThrow()).isCloseTo(mase, within(0.00005));
  }
}
