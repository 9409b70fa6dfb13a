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
 * @param forecast the forecast of the last {@code forecast.size()} steps
 * @param band the forecast's quantile band, if there is one
 */
public record ForecastExample(
    String series,
    String reason,
    List<String> labels,
    List<Double> actual,
    List<Double> forecast,
    Optional<Band> band) {
  /** Copies the lists and checks their lengths. */
  public ForecastExample {
    labels = List.copyOf(labels);
    actual = List.copyOf(actual);
    forecast = List.copyOf(forecast);
    if (actual.size() != labels.size()) {
      throw new IllegalArgumentException(
          "actual: " + actual.size() + " values (expected: " + labels.size() + ", one per label)");
    }
    if (forecast.size() == 0 || forecast.size() > actual.size()) {
      throw new IllegalArgumentException(
          "forecast: " + forecast.size() + " values (expected: 1 to " + actual.size() + ")");
    }
  }

  /** Steps before the forecast. */
  int history() {
    return actual.size() - forecast.size();
  }

  /**
   * Two quantiles that enclose the forecast.
   *
   * @param lowerQuantile the lower quantile, such as 0.1
   * @param upperQuantile the upper quantile, such as 0.9
   * @param lower forecasts of the lower quantile, one per step of the horizon
   * @param upper forecasts of the upper quantile, one per step of the horizon
   */
  public record Band(
      double lowerQuantile, double upperQuantile, List<Double> lower, List<Double> upper) {
    /** Copies the lists. */
    public Band {
      lower = List.copyOf(lower);
      upper = List.copyOf(upper);
    }
  }
}
