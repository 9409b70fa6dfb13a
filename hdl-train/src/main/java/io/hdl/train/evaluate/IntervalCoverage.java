package io.hdl.train.evaluate;

import java.util.ArrayList;
import java.util.List;

/** Counts the labels between two quantiles. Not thread-safe. */
final class IntervalCoverage {
  private static final double SAME = 1e-9;

  private final int lower;
  private final int upper;
  private final double lowerQuantile;
  private final double upperQuantile;
  private long count;
  private long inside;

  private IntervalCoverage(int lower, int upper, List<Double> quantiles) {
    this.lower = lower;
    this.upper = upper;
    this.lowerQuantile = quantiles.get(lower);
    this.upperQuantile = quantiles.get(upper);
  }

  /** The pairs of quantiles that are as far from the median, the widest first. */
  static List<IntervalCoverage> pairs(List<Double> quantiles) {
    List<IntervalCoverage> pairs = new ArrayList<>();
    for (int lower = 0; lower < quantiles.size(); lower++) {
      for (int upper = lower + 1; upper < quantiles.size(); upper++) {
        if (Math.abs(quantiles.get(lower) + quantiles.get(upper) - 1) < SAME) {
          pairs.add(new IntervalCoverage(lower, upper, quantiles));
        }
      }
    }
    return List.copyOf(pairs);
  }

  /** Adds a window's labels and quantile forecasts, {@code [quantile][horizon]} from an offset. */
  void add(double[] actual, float[] forecast, int offset) {
    for (int step = 0; step < actual.length; step++) {
      if (!Double.isNaN(actual[step])) {
        count++;
        if (actual[step] >= forecast[offset + lower * actual.length + step]
            && actual[step] <= forecast[offset + upper * actual.length + step]) {
          inside++;
        }
      }
    }
  }

  void add(IntervalCoverage other) {
    count += other.count;
    inside += other.inside;
  }

  PartErrors.IntervalSummary summary() {
    return new PartErrors.IntervalSummary(
        lowerQuantile, upperQuantile, count == 0 ? Double.NaN : (double) inside / count);
  }
}
