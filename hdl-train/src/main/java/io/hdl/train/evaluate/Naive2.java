package io.hdl.train.evaluate;

/** The last value of the seasonally adjusted history, with the season put back. */
record Naive2(int season) implements SeriesMethod {
  @Override
  public double[] forecast(double[] history, int horizon) {
    SeasonalAdjustment adjusted = SeasonalAdjustment.of(History.filled(history, season), season);
    double last = adjusted.values()[adjusted.values().length - 1];
    double[] forecast = new double[horizon];
    for (int step = 0; step < horizon; step++) {
      forecast[step] = last * adjusted.factor(step);
    }
    return forecast;
  }
}
