package io.hdl.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.train.metric.Hierarchy;
import io.hdl.train.metric.Metrics;
import io.hdl.train.metric.Wrmsse;
import java.util.List;
import org.junit.jupiter.api.Test;

class HierarchyEvaluatorTest {
  private static HierarchyEvaluator evaluator(SeriesStore store, Split split, int horizon) {
    Hierarchy hierarchy = Hierarchy.over(List.of("item"), store.keys()).total().level("item");
    return HierarchyEvaluator.of(
        Evaluator.of(store, split, 2, horizon), hierarchy, SeriesValue.volume(2));
  }

  @Test
  void weighsSeriesByTheirVolumeBeforeTheOrigin() {
    float[] first = {1, 3, 2, 6, 8, 12};
    float[] second = {5, 7, 4, 2, 1, 9};
    try (SeriesStore store = SeasonalSales.of(first, second)) {
      Wrmsse.Score score =
          evaluator(store, Split.last(0, 2), 2).score(Part.TEST, Baseline.naive(store));
      double one = rmsse(new double[] {8, 12}, 6, 1, 3, 2, 6);
      double other = rmsse(new double[] {1, 9}, 2, 5, 7, 4, 2);
      double total = rmsse(new double[] {9, 21}, 8, 6, 10, 6, 8);
      double items = (8 * one + 6 * other) / 14;
      assertThat(score.byLevel().get("total")).isCloseTo(total, within(1e-9));
      assertThat(score.byLevel().get("item")).isCloseTo(items, within(1e-9));
      assertThat(score.wrmsse()).isCloseTo((total + items) / 2, within(1e-9));
    }
  }

  @Test
  void takesTheMeanOverOrigins() {
    try (SeriesStore store = SeasonalSales.random(4, 40, 2)) {
      double both =
          evaluator(store, Split.last(0, 3), 2).score(Part.TEST, Baseline.naive(store)).wrmsse();
      double late =
          evaluator(store, Split.last(0, 2), 2).score(Part.TEST, Baseline.naive(store)).wrmsse();
      double early =
          evaluator(store, Split.steps(37, 0, 2), 2)
              .score(Part.TEST, Baseline.naive(store))
              .wrmsse();
      assertThat(both).isCloseTo((early + late) / 2, within(1e-9));
    }
  }

  @Test
  void aPerfectForecastHasNoError() {
    try (SeriesStore store = SeasonalSales.random(3, 30, 2)) {
      WindowPredictor oracle =
          (windows, from, count, out) -> {
            for (int i = 0; i < count * 2; i++) {
              long window = from + i / 2;
              float value = store.value(windows.series(window), windows.origin(window) + i % 2, 0);
              out[i] = Float.isNaN(value) ? 0 : value;
            }
          };
      assertThat(evaluator(store, Split.last(0, 2), 2).score(Part.TEST, oracle).wrmsse())
          .isCloseTo(0, within(1e-6));
      assertThat(evaluator(store, Split.last(0, 0), 2).score(Part.TEST, oracle).wrmsse()).isNaN();
    }
  }

  @Test
  void refusesAPriceThatIsNone() {
    try (SeriesStore store = SeasonalSales.of(new float[] {1, 2, 3, 4})) {
      assertThatThrownBy(() -> SeriesValue.turnover(2, "price").of(store, 0, 2))
          .hasMessage("price: \"price\" (expected: one of [sales])");
      assertThat(SeriesValue.turnover(2, "sales").of(store, 0, 3)).isEqualTo(4 + 9);
    }
  }

  private static double rmsse(double[] actual, double last, double... history) {
    return Metrics.rmsse(
        actual, new double[] {last, last}, Metrics.squaredSeasonalScale(history, 1));
  }
}
