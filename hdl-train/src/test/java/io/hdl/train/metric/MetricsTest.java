package io.hdl.train.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final double NAN = Double.NaN;

  @Test
  void agreesWithValuesWorkedOutByHand() {
    double[] actual = {10, -20, 0, 40};
    double[] forecast = {12, -15, 0, 30};
    // errors 2, 5, 0, 10
    assertThat(Metrics.wape(actual, forecast)).isEqualTo(17.0 / 70.0);
    assertThat(Metrics.mae(actual, forecast)).isEqualTo(4.25);
    assertThat(Metrics.mse(actual, forecast)).isEqualTo(129.0 / 4.0);
    assertThat(Metrics.rmse(actual, forecast)).isEqualTo(Math.sqrt(32.25));
    assertThat(Metrics.smape(actual, forecast))
        .isCloseTo(200 * (2.0 / 22 + 5.0 / 35 + 0 + 10.0 / 70) / 4, within(1e-12));
  }

  /** The worked example of scikit-learn's {@code mean_pinball_loss} and its neighbours. */
  @Test
  void agreesWithPublishedExamplesOfThePinballLoss() {
    double[] actual = {1, 2, 3};
    assertThat(Metrics.pinball(actual, new double[] {0, 2, 3}, 0.1))
        .isCloseTo(0.0333333333, within(1e-9));
    assertThat(Metrics.pinball(actual, new double[] {1, 2, 4}, 0.1)).isCloseTo(0.3, within(1e-12));
    assertThat(Metrics.pinball(actual, new double[] {0, 2, 3}, 0.9)).isCloseTo(0.3, within(1e-12));
    assertThat(Metrics.pinball(actual, new double[] {1, 2, 4}, 0.9))
        .isCloseTo(0.0333333333, within(1e-9));
  }

  @Test
  void halvesTheAbsoluteErrorAtTheMedian() {
    double[] actual = {3, 9, NAN, 4};
    double[] forecast = {5, 1, 8, 4};
    assertThat(Metrics.pinball(actual, forecast, 0.5)).isEqualTo(Metrics.mae(actual, forecast) / 2);
  }

  @Test
  void scalesByTheSeasonalChangeOfTheHistory() {
    double[] history = {1, 2, 3, 5, 7, 9};
    // lag 1: 1 1 2 2 2; lag 3: 4 5 6
    assertThat(Metrics.seasonalScale(history, 1)).isEqualTo(1.6);
    assertThat(Metrics.seasonalScale(history, 3)).isEqualTo(5);
    assertThat(Metrics.seasonalScale(history, 6)).isNaN();
    assertThat(Metrics.mase(new double[] {10, 12}, new double[] {9, 15}, 1.6)).isEqualTo(2.0 / 1.6);
    assertThat(Metrics.mase(new double[] {10}, new double[] {9}, 0)).isNaN();
  }

  @Test
  void leavesMissingPairsOutOfTheScale() {
    assertThat(Metrics.seasonalScale(new double[] {1, NAN, 4, 9}, 1)).isEqualTo(5);
    assertThat(Metrics.seasonalScale(new double[] {NAN, 4, NAN}, 1)).isNaN();
    assertThat(Metrics.seasonalScale(new double[] {2, 2, 2}, 1)).isZero();
  }

  @Test
  void countsNoStepWithoutLabel() {
    double[] actual = {NAN, 10, NAN};
    double[] forecast = {99, 8, NAN};
    assertThat(Metrics.mae(actual, forecast)).isEqualTo(2);
    assertThat(Metrics.wape(actual, forecast)).isEqualTo(0.2);
    assertThat(Metrics.smape(actual, forecast)).isCloseTo(200 * 2.0 / 18, within(1e-12));
    assertThat(Metrics.pinball(actual, forecast, 0.9)).isCloseTo(1.8, within(1e-12));
  }

  @Test
  void isUndefinedWithoutLabelsOrVolume() {
    double[] none = {NAN, NAN};
    double[] ones = {1, 1};
    assertThat(Metrics.mae(none, ones)).isNaN();
    assertThat(Metrics.rmse(none, ones)).isNaN();
    assertThat(Metrics.smape(none, ones)).isNaN();
    assertThat(Metrics.wape(new double[] {0, 0}, ones)).isNaN();
    assertThat(Metrics.smape(new double[] {0, 0}, new double[] {0, 0})).isZero();
    assertThat(Metrics.smape(new double[] {0, 0}, ones)).isEqualTo(200);
  }

  @Test
  void doesNotHideForecastsThatAreNotFinite() {
    assertThat(Metrics.mae(new double[] {1, 2}, new double[] {NAN, 2})).isNaN();
    assertThat(Metrics.smape(new double[] {1, 2}, new double[] {NAN, 2})).isNaN();
  }

  @Test
  void refusesArraysOfDifferentLength() {
    assertThatThrownBy(() -> Metrics.mae(new double[3], new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("forecast: 2 values (expected: 3, one per label)");
  }

  @Test
  void refusesASeasonOfZeroAndAQuantileOfOne() {
    assertThatThrownBy(() -> Metrics.seasonalScale(new double[3], 0))
        .hasMessage("season: 0 (expected: >= 1)");
    assertThatThrownBy(() -> new PinballLoss(1))
        .hasMessage("quantile: 1.0 (expected: above 0 and below 1)");
  }

  @Test
  void mergesToTheSameValuesAsOneAccumulator() {
    Random random = new Random(7);
    PointErrors all = new PointErrors();
    PointErrors left = new PointErrors();
    PointErrors right = new PointErrors();
    for (int i = 0; i < 1000; i++) {
      double actual = i % 17 == 0 ? NAN : random.nextGaussian() * 100;
      double forecast = random.nextGaussian() * 100;
      all.add(actual, forecast);
      (i % 3 == 0 ? left : right).add(actual, forecast);
    }
    left.add(right);
    assertThat(left.count()).isEqualTo(all.count()).isEqualTo(941);
    assertThat(left.wape()).isCloseTo(all.wape(), within(1e-12));
    assertThat(left.rmse()).isCloseTo(all.rmse(), within(1e-9));
    assertThat(left.smape()).isCloseTo(all.smape(), within(1e-9));
    assertThat(left.bias()).isCloseTo(all.bias(), within(1e-9));
  }

  @Test
  void weighsEveryWindowAlikeInMaseAndCountsWhatItLeavesOut() {
    ScaledErrors scaled = new ScaledErrors();
    scaled.add(10, 5);
    scaled.add(1, 1);
    scaled.add(1, 0);
    scaled.add(1, NAN);
    scaled.add(NAN, 1);
    assertThat(scaled.mean()).isEqualTo(1.5);
    assertThat(scaled.count()).isEqualTo(2);
    assertThat(scaled.leftOut()).isEqualTo(3);
    ScaledErrors other = new ScaledErrors();
    other.add(3, 1);
    other.add(scaled);
    assertThat(other.mean()).isEqualTo(2);
    assertThat(new ScaledErrors().mean()).isNaN();
  }

  @Test
  void tellsTheCoverageOfAQuantile() {
    PinballLoss loss = new PinballLoss(0.5);
    loss.add(1, 2);
    loss.add(3, 2);
    loss.add(NAN, 2);
    loss.add(2, 2);
    assertThat(loss.coverage()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(loss.count()).isEqualTo(2 + 1);
    assertThat(loss.quantile()).isEqualTo(0.5);
  }
}
