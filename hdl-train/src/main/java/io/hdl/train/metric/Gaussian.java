package io.hdl.train.metric;

/** The standard normal distribution. */
final class Gaussian {
  private static final int TERMS = 200;

  private Gaussian() {}

  /**
   * The probability below a value, to about 1e-15: the series of Marsaglia (2004) near zero, the
   * continued fraction of the tail beyond.
   */
  static double below(double z) {
    if (Double.isNaN(z)) {
      return Double.NaN;
    }
    if (Math.abs(z) > 38) {
      return z > 0 ? 1 : 0;
    }
    double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    if (Math.abs(z) < 5) {
      double sum = z;
      double term = z;
      for (int i = 3; Math.abs(term) > 1e-18 && i < 2 * TERMS; i += 2) {
        term *= z * z / i;
        sum += term;
      }
      return 0.5 + sum * density;
    }
    double tail = Math.abs(z);
    for (int i = TERMS; i >= 1; i--) {
      tail = Math.abs(z) + i / tail;
    }
    double beyond = density / tail;
    return z > 0 ? 1 - beyond : beyond;
  }
}
