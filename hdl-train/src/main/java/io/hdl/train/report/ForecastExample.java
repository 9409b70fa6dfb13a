package io.hdl.train.report;

import java.util.List;
import java.util.Optional;

/**
 * One window of one series to plot: some history, what happened after it, and what was forecast.
 *
 * @param series the series' key
 * @param reason why this series is shown, such as {@code median error}
 * @param labels the time of every step, history and horizon
 * @param actual what was observed at every step, NaN where missing; {@code labels.size()} values
 * @param forecast the forecast of the last {@code forecast.length} steps
 * @param band the forecast's quantile band, if there is one
 */
public record ForecastExample(
    String series,
    String reason,
    List<String> labels,
    double[] actual,
    double[] forecast,
    Optional<Band> band) {
  /** Checks the lengths; the arrays are not copied and must not change any more. */
  public ForecastExample {
    labels = List.copyOf(labels);
    if (actual.length != labels.size()) {
      throw new IllegalArgumentException(
          "actual: " + actual.length + " values (expected: " + labels.size() + ", one per label)");
    }
    if (forecast.length == 0 || forecast.length > actual.length) {
      throw new IllegalArgumentException(
          "forecast: " + forecast.length + " values (expected: 1 to " + actual.length + ")");
    }
  }

  /** Steps before the forecast. */
  int history() {
    return actual.length - forecast.length;
  }

  /**
   * Two quantiles that enclose the forecast.
   *
   * @param lowerQuantile the lower quantile, such as 0.1
   * @param upperQuantile the upper quantile, such as 0.9
   * @param lower forecasts of the lower quantile, one per step of the horizon
   * @param upper forecasts of the upper quantile, one per step of the horizon
   */
  public record Band(double lowerQuantile, double upperQuantile, double[] lower, double[] upper) {}
}
