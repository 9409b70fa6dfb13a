package io.hdl.train.evaluate;

import io.hdl.core.evaluation.Scores;
import io.hdl.train.metric.PinballLoss;
import io.hdl.train.metric.PointErrors;
import io.hdl.train.metric.ScaledErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * The errors of one predictor on all windows of one part: over all, by step of the horizon, by
 * series. Immutable once an {@link Evaluator} has handed it out.
 */
public final class PartErrors {
  private final PointErrors total = new PointErrors();
  private final ScaledErrors scaled = new ScaledErrors();
  private final ScaledErrors squared = new ScaledErrors();
  private final PointErrors[] steps;
  private final PointErrors[] series;
  private final List<PinballLoss> quantiles = new ArrayList<>();
  private final List<IntervalCoverage> intervals;
  private final double[] window;
  private long windows;

  PartErrors(int horizon, int seriesCount, List<Double> quantiles) {
    steps = new PointErrors[horizon];
    for (int step = 0; step < horizon; step++) {
      steps[step] = new PointErrors();
    }
    series = new PointErrors[seriesCount];
    quantiles.forEach(quantile -> this.quantiles.add(new PinballLoss(quantile)));
    intervals = IntervalCoverage.pairs(quantiles);
    window = new double[3];
  }

  /** Adds a window: its labels, its forecasts, each horizon long from an offset. */
  void add(
      int number,
      double[] actual,
      float[] forecast,
      int offset,
      double scale,
      double squaredScale) {
    PointErrors own = series[number];
    if (own == null) {
      own = new PointErrors();
      series[number] = own;
    }
    window[0] = 0;
    window[1] = 0;
    window[2] = 0;
    for (int step = 0; step < steps.length; step++) {
      double predicted = forecast[offset + step];
      steps[step].add(actual[step], predicted);
      own.add(actual[step], predicted);
      if (!Double.isNaN(actual[step])) {
        double error = actual[step] - predicted;
        window[0] += Math.abs(error);
        window[1] += error * error;
        window[2]++;
      }
    }
    boolean labelled = window[2] > 0;
    scaled.add(labelled ? window[0] / window[2] : Double.NaN, scale);
    squared.add(labelled ? Math.sqrt(window[1] / window[2]) : Double.NaN, Math.sqrt(squaredScale));
    windows++;
  }

  /** Adds a window's quantile forecasts, {@code [quantile][horizon]} from an offset. */
  void addQuantiles(double[] actual, float[] forecast, int offset) {
    for (int q = 0; q < quantiles.size(); q++) {
      for (int step = 0; step < steps.length; step++) {
        quantiles.get(q).add(actual[step], forecast[offset + q * steps.length + step]);
      }
    }
    for (IntervalCoverage interval : intervals) {
      interval.add(actual, forecast, offset);
    }
  }

  PartErrors sealed() {
    for (PointErrors step : steps) {
      total.add(step);
    }
    return this;
  }

  /**
   * Adds sealed errors of the same horizon and quantiles; then this needs no sealing.
   *
   * @param numbers gives the number of a series here
   */
  void add(PartErrors other, IntUnaryOperator numbers) {
    total.add(other.total);
    scaled.add(other.scaled);
    squared.add(other.squared);
    windows += other.windows;
    for (int step = 0; step < steps.length; step++) {
      steps[step].add(other.steps[step]);
    }
    for (int q = 0; q < quantiles.size(); q++) {
      quantiles.get(q).add(other.quantiles.get(q));
    }
    for (int i = 0; i < intervals.size(); i++) {
      intervals.get(i).add(other.intervals.get(i));
    }
    for (int number = 0; number < other.series.length; number++) {
      PointErrors own = other.series[number];
      if (own != null) {
        int here = numbers.applyAsInt(number);
        if (series[here] == null) {
          series[here] = new PointErrors();
        }
        series[here].add(own);
      }
    }
  }

  /**
   * The metrics over all windows by name: {@code wape}, {@code mae}, {@code rmse}, {@code smape}
   * (percent), {@code mase}, {@code mse}, {@code rmsse}; with quantiles also {@code pinball}, their
   * mean pinball loss, and {@code wql}, the weighted quantile loss. One that is undefined is left
   * out.
   */
  public Scores scores() {
    Map<String, Double> values = new LinkedHashMap<>();
    put(values, "wape", total.wape());
    put(values, "mae", total.mae());
    put(values, "rmse", total.rmse());
    put(values, "smape", total.smape());
    put(values, "mase", scaled.mean());
    put(values, "mse", total.mse());
    put(values, "rmsse", squared.mean());
    if (!quantiles.isEmpty()) {
      double pinball = pinball();
      put(values, "pinball", pinball);
      double volume = total.volume();
      put(values, "wql", volume > 0 ? 2 * pinball * total.count() / volume : Double.NaN);
    }
    return new Scores(values);
  }

  private double pinball() {
    return quantiles.stream().mapToDouble(PinballLoss::mean).average().orElse(Double.NaN);
  }

  /**
   * The continuous ranked probability score from the quantiles: twice their mean pinball loss; NaN
   * without quantiles or labels.
   */
  public double crps() {
    return 2 * pinball();
  }

  /**
   * How many labels lie between pairs of quantiles that are as far from the median: the widest
   * first; empty if there is no such pair.
   */
  public List<IntervalSummary> intervals() {
    return intervals.stream().map(IntervalCoverage::summary).toList();
  }

  private void put(Map<String, Double> values, String metric, double value) {
    // NaN is "undefined" only where the forecasts are sound; a broken forecast has to be seen.
    if (!Double.isNaN(value) || Double.isNaN(total.absoluteError())) {
      values.put(metric, value);
    }
  }

  /** Steps of the horizon. */
  public int horizon() {
    return steps.length;
  }

  /** Number of series that the store holds; numbers of series run below it. */
  public int seriesCount() {
    return series.length;
  }

  /** Number of windows scored. */
  public long windows() {
    return windows;
  }

  /** Number of series with at least one window. */
  public long seriesScored() {
    long scored = 0;
    for (PointErrors own : series) {
      if (own != null) {
        scored++;
      }
    }
    return scored;
  }

  /** Number of windows that have no MASE, see {@link ScaledErrors#leftOut}. */
  public long windowsWithoutScale() {
    return scaled.leftOut();
  }

  /** The summary of all labels. */
  public Summary total() {
    return Summary.of(total);
  }

  /** The summary of one step of the horizon, from 0. */
  public Summary atStep(int step) {
    return Summary.of(steps[step]);
  }

  /** The summary of one series; its count is 0 if the series has no window or no label. */
  public Summary ofSeries(int number) {
    PointErrors own = series[number];
    return own == null ? Summary.NONE : Summary.of(own);
  }

  /** The losses and coverages of the quantiles, ascending; empty if none were forecast. */
  public List<QuantileSummary> quantiles() {
    return quantiles.stream()
        .map(loss -> new QuantileSummary(loss.quantile(), loss.mean(), loss.coverage()))
        .toList();
  }

  /**
   * Errors over some of the labels; NaN where undefined.
   *
   * @param count number of labels
   * @param volume sum of absolute labels
   * @param wape weighted absolute percentage error, a fraction
   * @param mae mean absolute error
   * @param rmse root mean squared error
   * @param bias mean of forecast less label
   */
  public record Summary(
      long count, double volume, double wape, double mae, double rmse, double bias) {
    static final Summary NONE = new Summary(0, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    static Summary of(PointErrors errors) {
      return new Summary(
          errors.count(),
          errors.volume(),
          errors.wape(),
          errors.mae(),
          errors.rmse(),
          errors.bias());
    }
  }

  /**
   * How well a quantile was forecast.
   *
   * @param quantile the quantile, such as 0.9
   * @param pinball mean pinball loss
   * @param coverage share of labels at or below the forecast, ideally the quantile itself
   */
  public record QuantileSummary(double quantile, double pinball, double coverage) {}

  /**
   * How often an interval held the label.
   *
   * @param lower its lower quantile, such as 0.1
   * @param upper its upper quantile, such as 0.9
   * @param coverage share of labels in it, ideally the difference of the quantiles
   */
  public record IntervalSummary(double lower, double upper, double coverage) {}
}
