package io.hdl.train.evaluate;

/** Forecasts one series from its own history alone. Implementations are thread-safe. */
interface SeriesMethod {
  /**
   * Forecasts the steps after a history.
   *
   * @param history begins with an observed value, NaN where missing; not empty
   * @param horizon number of steps
   */
  double[] forecast(double[] history, int horizon);

  /** The same, from the store; zero if nothing is observed before the origin. */
  default double[] forecast(History history, int horizon) {
    double[] values = history.values();
    return values.length == 0 ? new double[horizon] : forecast(values, horizon);
  }
}
