package io.hdl.train.evaluate;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * A history with its season divided out, as the M4 competition's benchmarks do: by the indices of a
 * classical multiplicative decomposition, if the autocorrelation at the season is significant at 90
 * percent and the history is at least three seasons long and positive throughout.
 *
 * @param values the history without its season
 * @param indices factor of each position of a season, counted from the history's first step; all 1
 *     without a season
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record SeasonalAdjustment(double[] values, double[] indices) {
  private static final double CRITICAL = 1.645;

  /** Adjusts a history without gaps. */
  static SeasonalAdjustment of(double[] history, int season) {
    if (!isSeasonal(history, season) || !History.allAbove(history, 0)) {
      return new SeasonalAdjustment(history, new double[] {1});
    }
    double[] indices = indices(history, season);
    double[] values = new double[history.length];
    for (int t = 0; t < values.length; t++) {
      values[t] = history[t] / indices[t % season];
    }
    return new SeasonalAdjustment(values, indices);
  }

  /** The factor of a step after the history, from 0. */
  double factor(int step) {
    return indices[(values.length + step) % indices.length];
  }

  /** The test of the M4 benchmarks: the autocorrelation against its Bartlett limit. */
  static boolean isSeasonal(double[] history, int season) {
    if (season < 2 || history.length < 3 * season) {
      return false;
    }
    double mean = Arrays.stream(history).average().orElse(0);
    double variance = covariance(history, mean, 0);
    if (!(variance > 0)) {
      return false;
    }
    double squares = 0;
    for (int lag = 1; lag < season; lag++) {
      double correlation = covariance(history, mean, lag) / variance;
      squares += correlation * correlation;
    }
    double limit = CRITICAL / Math.sqrt(history.length) * Math.sqrt(1 + 2 * squares);
    return Math.abs(covariance(history, mean, season) / variance) > limit;
  }

  private static double covariance(double[] values, double mean, int lag) {
    double sum = 0;
    for (int t = lag; t < values.length; t++) {
      sum += (values[t] - mean) * (values[t - lag] - mean);
    }
    return sum;
  }

  /** The indices of a classical multiplicative decomposition; their mean is 1. */
  static double[] indices(double[] history, int season) {
    double[] trend = trend(history, season);
    double[] indices = means(season, t -> history[t] / trend[t], trend);
    double mean = Arrays.stream(indices).average().orElse(1);
    return Arrays.stream(indices).map(index -> index / mean).toArray();
  }

  /** The indices of a classical additive decomposition; they add up to zero. */
  static double[] additiveIndices(double[] history, int season) {
    double[] trend = trend(history, season);
    double[] indices = means(season, t -> history[t] - trend[t], trend);
    double mean = Arrays.stream(indices).average().orElse(0);
    return Arrays.stream(indices).map(index -> index - mean).toArray();
  }

  /** The centred moving average over a season; NaN where it does not fit. */
  private static double[] trend(double[] history, int season) {
    int half = season / 2;
    double[] trend = new double[history.length];
    Arrays.fill(trend, Double.NaN);
    for (int t = half; t < history.length - half; t++) {
      double sum = 0;
      for (int i = t - half; i <= t + half; i++) {
        boolean end = i == t - half || i == t + half;
        sum += history[i] * (season % 2 == 0 && end ? 0.5 : 1);
      }
      trend[t] = sum / season;
    }
    return trend;
  }

  /** The mean at each position of a season, over the steps that have a trend. */
  private static double[] means(int season, IntToDoubleFunction value, double[] trend) {
    double[] sums = new double[season];
    int[] counts = new int[season];
    for (int t = 0; t < trend.length; t++) {
      if (!Double.isNaN(trend[t])) {
        sums[t % season] += value.applyAsDouble(t);
        counts[t % season]++;
      }
    }
    for (int i = 0; i < season; i++) {
      sums[i] /= counts[i];
    }
    return sums;
  }
}
