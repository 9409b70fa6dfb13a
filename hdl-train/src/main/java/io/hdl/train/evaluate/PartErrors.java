package io.hdl.train.evaluate;

import io.hdl.core.evaluation.Scores;
import io.hdl.train.metric.PinballLoss;
import io.hdl.train.metric.PointErrors;
import io.hdl.train.metric.ScaledErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The errors of one predictor on all windows of one part: over all, by step of the horizon, by
 * series. Immutable once an {@link Evaluator} has handed it out.
 */
public final class PartErrors {
  private final PointErrors total = new PointErrors();
  private final ScaledErrors scaled = new ScaledErrors();
  private final PointErrors[] steps;
  private final PointErrors[] series;
  private final List<PinballLoss> quantiles = new ArrayList<>();
  private final double[] window;
  private long windows;

  PartErrors(int horizon, int seriesCount, List<Double> quantiles) {
    steps = new PointErrors[horizon];
    for (int step = 0; step < horizon; step++) {
      steps[step] = new PointErrors();
    }
    series = new PointErrors[seriesCount];
    quantiles.forEach(quantile -> this.quantiles.add(new PinballLoss(quantile)));
    window = new double[2];
  }

  /** Adds a window: its labels, its forecasts, each horizon long from an offset. */
  void add(int number, double[] actual, float[] forecast, int offset, double scale) {
    PointErrors own = series[number];
    if (own == null) {
      own = new PointErrors();
      series[number] = own;
    }
    window[0] = 0;
    window[1] = 0;
    for (int step = 0; step < steps.length; step++) {
      double predicted = forecast[offset + step];
      steps[step].add(actual[step], predicted);
      own.add(actual[step], predicted);
      if (!Double.isNaN(actual[step])) {
        window[0] += Math.abs(actual[step] - predicted);
        window[1]++;
      }
    }
    scaled.add(window[1] == 0 ? Double.NaN : window[0] / window[1], scale);
    windows++;
  }

  /** Adds a window's quantile forecasts, {@code [quantile][horizon]} from an offset. */
  void addQuantiles(double[] actual, float[] forecast, int offset) {
    for (int q = 0; q < quantiles.size(); q++) {
      for (int step = 0; step < steps.length; step++) {
        quantiles.get(q).add(actual[step], forecast[offset + q * steps.length + step]);
      }
    }
  }

  PartErrors sealed() {
    for (PointErrors step : steps) {
      total.add(step);
    }
    return this;
  }

  /**
   * The metrics over all windows by name: {@code wape}, {@code mae}, {@code rmse}, {@code smape}
   * (percent), {@code mase}, {@code mse}, and where quantiles were forecast {@code pinball}, the
   * mean over them. One that is undefined is left out.
   */
  public Scores scores() {
    Map<String, Double> values = new LinkedHashMap<>();
    put(values, "wape", total.wape());
    put(values, "mae", total.mae());
    put(values, "rmse", total.rmse());
    put(values, "smape", total.smape());
    put(values, "mase", scaled.mase());
    put(values, "mse", total.mse());
    if (!quantiles.isEmpty()) {
      double pinball = quantiles.stream().mapToDouble(PinballLoss::mean).average().orElseThrow();
      put(values, "pinball", pinball);
    }
    return new Scores(values);
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
}
