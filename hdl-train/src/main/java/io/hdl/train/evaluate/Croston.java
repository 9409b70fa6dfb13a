package io.hdl.train.evaluate;

import java.util.Arrays;

/**
 * Forecasts of intermittent demand: its size and how often it comes are smoothed apart. A step that
 * is missing is left out, as if it had not been. A history without any demand gives zero.
 */
enum Croston implements SeriesMethod {
  /** Size over interval, both smoothed with a rate of 0.1 (Croston, 1972). */
  CLASSIC,
  /** The same less its bias, a factor of 0.95 (Syntetos and Boylan, 2005). */
  SBA,
  /** Size times probability, which falls at every step without demand; rates 0.2 (TSB, 2011). */
  TSB;

  private static final double RATE = 0.1;
  private static final double TSB_RATE = 0.2;

  @Override
  public double[] forecast(double[] history, int horizon) {
    double[] forecast = new double[horizon];
    Arrays.fill(forecast, this == TSB ? tsb(history) : croston(history));
    return forecast;
  }

  private double croston(double[] history) {
    double size = Double.NaN;
    double interval = Double.NaN;
    int waited = 0;
    for (double value : history) {
      if (Double.isNaN(value)) {
        continue;
      }
      waited++;
      if (value != 0) {
        size = smoothed(size, value, RATE);
        interval = smoothed(interval, waited, RATE);
        waited = 0;
      }
    }
    return Double.isNaN(size) ? 0 : (this == SBA ? 1 - RATE / 2 : 1) * size / interval;
  }

  private static double tsb(double[] history) {
    double size = Double.NaN;
    double probability = Double.NaN;
    for (double value : history) {
      if (!Double.isNaN(value)) {
        probability = smoothed(probability, value == 0 ? 0 : 1, TSB_RATE);
        size = value == 0 ? size : smoothed(size, value, TSB_RATE);
      }
    }
    return Double.isNaN(size) ? 0 : size * probability;
  }

  private static double smoothed(double level, double value, double rate) {
    return Double.isNaN(level) ? value : level + rate * (value - level);
  }
}
