package io.hdl.train.evaluate;

import io.hdl.train.metric.Metrics;
import java.util.function.IntFunction;

/** The denominators of MASE and RMSSE; windows come series by series, so the latest one is kept. */
final class SeriesScales {
  private final int season;
  private final IntFunction<double[]> histories;
  private int series = -1;
  private double scale;
  private double squaredScale;

  SeriesScales(int season, IntFunction<double[]> histories) {
    this.season = season;
    this.histories = histories;
  }

  double of(int number) {
    if (number != series) {
      series = number;
      double[] history = histories.apply(number);
      scale = Metrics.seasonalScale(history, season);
      squaredScale = Metrics.squaredSeasonalScale(history, season);
    }
    return scale;
  }

  /** The squared scale of the series that was asked for last. */
  double squared() {
    return squaredScale;
  }
}
