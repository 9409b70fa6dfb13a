package io.hdl.train.evaluate;

import io.hdl.data.series.Channel;
import io.hdl.data.series.SeriesStore;

/** What a series counts by in a hierarchy, as known at an origin. Thread-safe. */
@FunctionalInterface
public interface SeriesValue {
  /**
   * The value of a series, not negative.
   *
   * @param origin step of the first forecast, counted from the series' first row; its data may end
   *     before
   */
  double of(SeriesStore store, int series, int origin);

  /**
   * The target, summed over the last steps before the origin; below zero it counts as zero.
   *
   * @param steps such as 28 days in the M5 competition
   */
  static SeriesValue volume(int steps) {
    return (store, series, origin) -> sum(store, series, origin, steps, -1);
  }

  /**
   * The target times a price, summed over the last steps before the origin: the turnover by which
   * the M5 competition weighs. A step without a price counts as nothing.
   *
   * @param price name of the channel that holds the price
   */
  static SeriesValue turnover(int steps, String price) {
    return (store, series, origin) -> sum(store, series, origin, steps, channel(store, price));
  }

  private static double sum(SeriesStore store, int series, int origin, int steps, int price) {
    double sum = 0;
    int end = Math.min(origin, store.length(series));
    for (int step = Math.max(0, origin - steps); step < end; step++) {
      double value =
          store.value(series, step, 0) * (price < 0 ? 1 : store.value(series, step, price));
      sum += Double.isNaN(value) ? 0 : value;
    }
    return Math.max(0, sum);
  }

  private static int channel(SeriesStore store, String name) {
    for (int c = 0; c < store.channels().size(); c++) {
      if (store.channels().get(c).name().equals(name)) {
        return c;
      }
    }
    throw new IllegalArgumentException(
        "price: \""
            + name
            + "\" (expected: one of "
            + store.channels().stream().map(Channel::name).toList()
            + ")");
  }
}
