package io.hdl.train;

import io.hdl.data.series.SeriesKey;
import java.util.Optional;

/**
 * Supplies covariates that are known ahead for steps that the table does not reach. May be called
 * from the thread that asks for a forecast, for each series, step and column that is missing.
 */
@FunctionalInterface
public interface KnownFuture {
  /**
   * One value.
   *
   * @param key the series
   * @param column name of the covariate
   * @param time the step as the table's time column writes it, such as {@code 2012-11-02}
   * @return a {@link Number} for a number; a {@link Boolean}, or the numbers 0 and 1, for a
   *     boolean; a {@link String} for a category; empty if it is not known either
   */
  Optional<?> value(SeriesKey key, String column, String time);
}
