package io.hdl.train.metric;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weighted root mean squared scaled error of the M5 competition: at each level of a hierarchy
 * the RMSSE of each sum of series, weighted by its share of a value such as turnover; and the mean
 * over levels.
 *
 * <p>The RMSSE of a sum is {@code sqrt(mean (y - f)^2 / mean (y[t] - y[t - 1])^2)}, the denominator
 * over its history from its first value that is not zero on. A sum without such a history has no
 * RMSSE and no weight. Missing values count as nothing in the sums. Immutable and thread-safe.
 *
 * @see <a href="https://doi.org/10.1016/j.ijforecast.2021.11.013">Makridakis, Spiliotis,
 *     Assimakopoulos: M5 accuracy competition, International Journal of Forecasting 38 (2022)</a>
 */
public final class Wrmsse {
  private final Hierarchy hierarchy;
  private final List<Weighing> levels;

  private Wrmsse(Hierarchy hierarchy, List<Weighing> levels) {
    this.hierarchy = hierarchy;
    this.levels = levels;
  }

  /** The weights and scales of one level. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Weighing(Hierarchy.Level level, double[] weights, double[] scales) {}

  /**
   * Prepares for forecasts after a history.
   *
   * @param history {@code [series][step]}, all ending at the same step; NaN where missing
   * @param values what each series counts by, not negative: in M5 the turnover, units times price,
   *     of the last 28 days; {@link #volumes} for the units themselves
   */
  public static Wrmsse of(Hierarchy hierarchy, double[][] history, double[] values) {
    requireSeries(hierarchy, "history", history.length);
    requireSeries(hierarchy, "values", values.length);
    if (hierarchy.levels().isEmpty()) {
      throw new IllegalArgumentException("hierarchy: no level (expected: at least one)");
    }
    List<Weighing> levels = new ArrayList<>();
    for (Hierarchy.Level level : hierarchy.levels()) {
      double[][] sums = level.sums(history, history);
      double[] scales = new double[sums.length];
      for (int group = 0; group < scales.length; group++) {
        scales[group] = scale(sums[group]);
      }
      levels.add(new Weighing(level, weights(level, values, scales), scales));
    }
    return new Wrmsse(hierarchy, List.copyOf(levels));
  }

  /** The sum of each series over its last steps; missing values count as nothing. */
  public static double[] volumes(double[][] history, int steps) {
    double[] volumes = new double[history.length];
    for (int s = 0; s < history.length; s++) {
      for (int t = Math.max(0, history[s].length - steps); t < history[s].length; t++) {
        volumes[s] += Double.isNaN(history[s][t]) ? 0 : history[s][t];
      }
    }
    return volumes;
  }

  /**
   * Scores forecasts. A sum without labels counts as nothing; a level whose values are all zero is
   * NaN.
   *
   * @param actual {@code [series][step]}; NaN where missing
   * @param forecast {@code [series][step]}
   */
  public Score score(double[][] actual, double[][] forecast) {
    requireSeries(hierarchy, "actual", actual.length);
    requireSeries(hierarchy, "forecast", forecast.length);
    Map<String, Double> byLevel = new LinkedHashMap<>();
    double sum = 0;
    for (Weighing weighing : levels) {
      double error = error(weighing, actual, forecast);
      byLevel.put(weighing.level().name(), error);
      sum += error;
    }
    return new Score(sum / levels.size(), byLevel);
  }

  private static double error(Weighing weighing, double[][] actual, double[][] forecast) {
    double[][] labels = weighing.level().sums(actual, actual);
    double[][] sums = weighing.level().sums(forecast, actual);
    double error = Double.isNaN(weighing.weights()[0]) ? Double.NaN : 0;
    for (int group = 0; group < labels.length; group++) {
      double weight = weighing.weights()[group];
      double own = Metrics.rmsse(labels[group], sums[group], weighing.scales()[group]);
      if (weight > 0 && !missing(labels[group])) {
        error += weight * own;
      }
    }
    return error;
  }

  private static boolean missing(double[] labels) {
    for (double label : labels) {
      if (!Double.isNaN(label)) {
        return false;
      }
    }
    return true;
  }

  private static double scale(double[] history) {
    int first = 0;
    while (first < history.length && !(Math.abs(history[first]) > 0)) {
      first++;
    }
    double[] active = java.util.Arrays.copyOfRange(history, first, history.length);
    return Metrics.squaredSeasonalScale(active, 1);
  }

  private static double[] weights(Hierarchy.Level level, double[] values, double[] scales) {
    double[] weights = new double[scales.length];
    double sum = 0;
    for (int s = 0; s < values.length; s++) {
      if (!(values[s] >= 0 && values[s] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "values: " + values[s] + " of series " + s + " (expected: finite and not negative)");
      }
      int group = level.groupOf().get(s);
      if (scales[group] > 0) {
        weights[group] += values[s];
        sum += values[s];
      }
    }
    for (int group = 0; group < weights.length; group++) {
      weights[group] = sum > 0 ? weights[group] / sum : Double.NaN;
    }
    return weights;
  }

  private static void requireSeries(Hierarchy hierarchy, String name, int count) {
    if (count != hierarchy.seriesCount()) {
      throw new IllegalArgumentException(
          name + ": " + count + " series (expected: " + hierarchy.seriesCount() + ")");
    }
  }

  /**
   * The score of forecasts.
   *
   * @param wrmsse the mean over levels
   * @param byLevel the error of each level by its name
   */
  public record Score(double wrmsse, Map<String, Double> byLevel) {
    /** Copies the levels and keeps their order. */
    public Score {
      byLevel = Collections.unmodifiableMap(new LinkedHashMap<>(byLevel));
    }
  }
}
