package io.hdl.train.evaluate;

import java.util.Arrays;

/** The mean of the last observed values, for every step. */
record MovingAverage(int steps) implements SeriesMethod {
  @Override
  public double[] forecast(double[] history, int horizon) {
    double sum = 0;
    int count = 0;
    for (int t = history.length - 1; t >= 0 && count < steps; t--) {
      if (!Double.isNaN(history[t])) {
        sum += history[t];
        count++;
      }
    }
    double[] forecast = new double[horizon];
    Arrays.fill(forecast, sum / count);
    return forecast;
  }
}
