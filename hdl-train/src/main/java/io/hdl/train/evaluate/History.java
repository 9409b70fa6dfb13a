package io.hdl.train.evaluate;

import io.hdl.data.series.SeriesStore;

/** What a series did before an origin, for methods that are fitted to one series alone. */
final class History {
  private interface Values {
    double at(int step);
  }

  private final Values values;
  private final int length;

  private History(Values values, int length) {
    this.values = values;
    this.length = length;
  }

  static History before(SeriesStore store, int series, int origin) {
    return new History(
        step -> store.value(series, step, 0), Math.min(origin, store.length(series)));
  }

  static History of(double[] values) {
    return new History(step -> values[step], values.length);
  }

  /** Number of steps before the origin. */
  int length() {
    return length;
  }

  /** One value, NaN if it is missing. */
  double value(int step) {
    return values.at(step);
  }

  /** The values from the first observed one up to the origin, NaN where missing; may be empty. */
  double[] values() {
    int first = 0;
    while (first < length && Double.isNaN(value(first))) {
      first++;
    }
    double[] all = new double[length - first];
    for (int t = 0; t < all.length; t++) {
      all[t] = value(first + t);
    }
    return all;
  }

  /**
   * Values without gaps: a missing value is that of the season before, or where that is missing,
   * too, the latest before it.
   *
   * @param values begins with an observed value
   */
  static double[] filled(double[] values, int season) {
    double[] filled = values.clone();
    for (int t = 0; t < filled.length; t++) {
      if (Double.isNaN(filled[t])) {
        filled[t] = t >= season ? filled[t - season] : filled[t - 1];
      }
    }
    return filled;
  }

  static boolean allAbove(double[] values, double bound) {
    for (double value : values) {
      if (!(value > bound)) {
        return false;
      }
    }
    return true;
  }
}
