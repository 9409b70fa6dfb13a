package io.hdl.train.evaluate;

/**
 * The Theta method as the M4 competition's benchmark has it: on the seasonally adjusted history the
 * mean of its linear trend and of the smoothed line with twice its curvature. Forecasts of a
 * history without negative values are kept from going below zero.
 *
 * @see <a href="https://doi.org/10.1016/S0169-2070(00)00066-2">Assimakopoulos and Nikolopoulos: The
 *     theta model, International Journal of Forecasting 16 (2000)</a>
 */
record Theta(int season) implements SeriesMethod {
  private static final double THETA = 2;

  @Override
  public double[] forecast(double[] history, int horizon) {
    SeasonalAdjustment adjusted = SeasonalAdjustment.of(History.filled(history, season), season);
    double[] values = adjusted.values();
    int n = values.length;
    double meanTime = (n - 1) / 2.0;
    double mean = 0;
    for (double value : values) {
      mean += value / n;
    }
    double covariance = 0;
    double variance = 0;
    for (int t = 0; t < n; t++) {
      covariance += (t - meanTime) * (values[t] - mean);
      variance += (t - meanTime) * (t - meanTime);
    }
    double slope = variance > 0 ? covariance / variance : 0;
    double[] line = new double[n];
    for (int t = 0; t < n; t++) {
      line[t] = THETA * values[t] + (1 - THETA) * (mean + slope * (t - meanTime));
    }
    double level = SimpleSmoothing.level(line);
    boolean floor = History.allAbove(values, -Double.MIN_VALUE);
    double[] forecast = new double[horizon];
    for (int step = 0; step < horizon; step++) {
      double trend = mean + slope * (n + step - meanTime);
      double value = (level + trend) / 2;
      forecast[step] = (floor ? Math.max(0, value) : value) * adjusted.factor(step);
    }
    return forecast;
  }
}
