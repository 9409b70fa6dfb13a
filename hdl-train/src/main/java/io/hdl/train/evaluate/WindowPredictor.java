package io.hdl.train.evaluate;

import io.hdl.data.series.Windows;
import java.util.List;

/**
 * Forecasts the horizon of windows from what lies before their origin, and from covariates that are
 * known ahead. Called by one thread at a time.
 */
@FunctionalInterface
public interface WindowPredictor extends AutoCloseable {
  /**
   * Forecasts consecutive windows in the target's own unit.
   *
   * @param windows the windows
   * @param from number of the first window to forecast
   * @param count number of windows to forecast, at least 1
   * @param out takes the forecasts, {@code [count][horizon]} row by row from index 0; may be longer
   */
  void predict(Windows windows, long from, int count, float[] out);

  /** The quantiles that are forecast besides, ascending; empty if there are none. */
  default List<Double> quantiles() {
    return List.of();
  }

  /**
   * Forecasts the {@link #quantiles()} of consecutive windows in the target's own unit.
   *
   * @param windows the windows
   * @param from number of the first window to forecast
   * @param count number of windows to forecast, at least 1
   * @param out takes the forecasts, {@code [count][quantile][horizon]} row by row from index 0
   * @throws UnsupportedOperationException if there are no quantiles
   */
  default void predictQuantiles(Windows windows, long from, int count, float[] out) {
    throw new UnsupportedOperationException("this predictor forecasts no quantiles");
  }

  /** Gives up what the predictor holds, such as threads that gather ahead; by default nothing. */
  @Override
  default void close() {}
}
