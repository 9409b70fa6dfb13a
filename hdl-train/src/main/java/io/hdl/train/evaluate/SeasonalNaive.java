package io.hdl.train.evaluate;

import java.util.Arrays;

/**
 * The value of the latest season at the same position; the last value where there is none, and with
 * a season of 0 always. Reads no more of the store than it needs.
 */
record SeasonalNaive(int season) implements SeriesMethod {
  @Override
  public double[] forecast(double[] history, int horizon) {
    return forecast(History.of(history), horizon);
  }

  @Override
  public double[] forecast(History history, int horizon) {
    double[] forecast = new double[horizon];
    Arrays.fill(forecast, last(history));
    for (int step = 0; season > 0 && step < horizon; step++) {
      int back = step / season + 1;
      for (int t = history.length() + step - back * season; t >= 0; t -= season) {
        if (!Double.isNaN(history.value(t))) {
          forecast[step] = history.value(t);
          break;
        }
      }
    }
    return forecast;
  }

  private static double last(History history) {
    for (int t = history.length() - 1; t >= 0; t--) {
      if (!Double.isNaN(history.value(t))) {
        return history.value(t);
      }
    }
    return 0;
  }
}
