package io.hdl.train.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hdl.data.series.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds the metrics against scikit-learn, utilsforecast, properscoring, scoringrules and M5's. */
class ReferenceMetricsTest {
  private static final double NAN = Double.NaN;

  private static List<ReferenceValues> cases() {
    return ReferenceValues.read(ReferenceMetricsTest.class, "metrics.json").cases("cases");
  }

  @Test
  void agreesOnPointForecasts() {
    for (ReferenceValues one : cases()) {
      double[] actual = one.numbers("actual");
      double[] forecast = one.numbers("forecast");
      double[] history = one.numbers("history");
      int season = (int) one.number("season");
      close(Metrics.mae(actual, forecast), one.number("mae"));
      close(Metrics.mse(actual, forecast), one.number("mse"));
      close(Metrics.rmse(actual, forecast), one.number("rmse"));
      close(Metrics.wape(actual, forecast), one.number("wape"));
      close(Metrics.smape(actual, forecast), one.number("smape"));
      close(
          Metrics.mase(actual, forecast, Metrics.seasonalScale(history, season)),
          one.number("mase"));
      close(
          Metrics.rmsse(actual, forecast, Metrics.squaredSeasonalScale(history, season)),
          one.number("rmsse"));
    }
  }

  @Test
  void agreesOnProbabilisticForecasts() {
    for (ReferenceValues one : cases()) {
      double[] actual = one.numbers("actual");
      double[] quantiles = one.numbers("quantiles");
      double[][] bands = one.rows("bands");
      close(ScoringRules.pinball(actual, quantiles, bands), one.number("pinball"));
      close(ScoringRules.weightedQuantileLoss(actual, quantiles, bands), one.number("wql"));
      close(ScoringRules.weightedQuantileLoss(actual, quantiles, bands), one.number("scaled_crps"));
      close(ScoringRules.coverage(actual, bands[0], bands[4]), one.number("coverage"));
      close(ScoringRules.crps(actual, quantiles, bands), one.number("crps_quantiles"));
      double ofSamples = ScoringRules.crpsOfSamples(actual, one.rows("samples"));
      close(ofSamples, one.number("crps_samples"));
      close(ofSamples, one.number("crps_samples_again"));
      double ofGaussian =
          ScoringRules.crpsOfGaussian(actual, one.numbers("mean"), one.numbers("deviation"));
      close(ofGaussian, one.number("crps_gaussian"));
      close(ofGaussian, one.number("crps_gaussian_again"));
    }
  }

  @Test
  void agreesWithTheEvaluationOfM5() {
    ReferenceValues m5 = ReferenceValues.read(ReferenceMetricsTest.class, "wrmsse.json");
    List<SeriesKey> keys = new ArrayList<>();
    for (Object row : m5.list("keys")) {
      keys.add(new SeriesKey(((List<?>) row).stream().map(String::valueOf).toList()));
    }
    Hierarchy hierarchy =
        Hierarchy.over(m5.list("columns").stream().map(String::valueOf).toList(), keys);
    for (Object level : m5.list("levels")) {
      hierarchy =
          hierarchy.level(((List<?>) level).stream().map(String::valueOf).toArray(String[]::new));
    }
    Wrmsse.Score score =
        Wrmsse.of(hierarchy, m5.rows("history"), m5.numbers("values"))
            .score(m5.rows("actual"), m5.rows("forecast"));
    close(score.wrmsse(), m5.number("wrmsse"));
    double[] expected = m5.numbers("byLevel");
    int i = 0;
    for (Map.Entry<String, Double> level : score.byLevel().entrySet()) {
      assertThat(level.getValue()).as(level.getKey()).isCloseTo(expected[i++], within(1e-9));
    }
    assertThat(i).isEqualTo(12);
    assertThat(score.byLevel()).containsKeys("total", "state_id", "item_id/store_id");
  }

  @Test
  void leavesMissingLabelsOut() {
    double[] actual = {1, NAN, 3};
    assertThat(ScoringRules.coverage(actual, new double[] {0, 0, 4}, new double[] {1, 9, 9}))
        .isEqualTo(0.5);
    assertThat(ScoringRules.crpsOfSamples(actual, new double[][] {{1}, {7}, {5}})).isEqualTo(1);
    assertThat(ScoringRules.crpsOfGaussian(actual, new double[] {1, 0, 1}, new double[3]))
        .isEqualTo(1);
    double[] half = {0.5};
    double[][] median = {{2, 9, 2}};
    assertThat(ScoringRules.weightedQuantileLoss(actual, half, median)).isEqualTo(0.5);
    assertThat(ScoringRules.coverage(new double[] {NAN}, half, half)).isNaN();
  }

  @Test
  void missingValuesCountAsNothingInSums() {
    Hierarchy hierarchy =
        Hierarchy.over(List.of("shop"), List.of(SeriesKey.of("a"), SeriesKey.of("b"))).total();
    Wrmsse wrmsse = Wrmsse.of(hierarchy, new double[][] {{0, 1, 3}, {NAN, 4}}, new double[] {1, 1});
    // The sums of the history are 0, 1, 7: the zero before the first sale is left out.
    Wrmsse.Score score =
        wrmsse.score(new double[][] {{5, NAN}, {5, 4}}, new double[][] {{2, 100}, {2, 4}});
    assertThat(score.wrmsse()).isCloseTo(Math.sqrt((36.0 / 2) / 36.0), within(1e-12));
    assertThat(Wrmsse.volumes(new double[][] {{9, 1, NAN, 3}}, 3)).containsExactly(4);
  }

  @Test
  void givesNoErrorToAHierarchyOfNothing() {
    Hierarchy hierarchy = Hierarchy.over(List.of("shop"), List.of(SeriesKey.of("a"))).total();
    Wrmsse wrmsse = Wrmsse.of(hierarchy, new double[][] {{1, 2, 3}}, new double[] {0});
    assertThat(wrmsse.score(new double[][] {{1}}, new double[][] {{1}}).wrmsse()).isNaN();
  }

  @Test
  void refusesColumnsThatAreNone() {
    Hierarchy hierarchy = Hierarchy.over(List.of("shop"), List.of(SeriesKey.of("a")));
    assertThatThrownBy(() -> hierarchy.level("town"))
        .hasMessage("level: \"town\" (expected: one of [shop])");
    assertThatThrownBy(() -> Hierarchy.over(List.of(), List.of(SeriesKey.of("a"))))
        .hasMessageContaining("columns: [] (expected: one for each value of the key a)");
    assertThatThrownBy(() -> Wrmsse.of(hierarchy.total(), new double[1][3], new double[] {-1}))
        .hasMessageContaining("values: -1.0 of series 0");
  }

  @Test
  void givesTheOverallWeightedAverage() {
    assertThat(Metrics.owa(9.328, 0.893, 18.383, 2.395)).isCloseTo(0.440, within(0.0005));
  }

  private static void close(double value, double expected) {
    assertThat(value).isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
  }
}
