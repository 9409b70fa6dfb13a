package io.hdl.train.evaluate;

/**
 * Simple exponential smoothing whose rate and first level make the squared one-step errors least.
 * For each rate the best first level is a regression in closed form, so that the search is along
 * one line.
 */
final class SimpleSmoothing {
  private static final double LEAST = 1e-4;
  private static final double MOST = 1 - 1e-4;
  private static final int GRID = 40;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private SimpleSmoothing() {}

  /** The level after the last value, which is the forecast of every step. */
  static double level(double[] values) {
    if (values.length < 2) {
      return values[0];
    }
    double step = (MOST - LEAST) / GRID;
    double best = LEAST;
    double bestError = fit(values, best).error();
    for (int i = 1; i <= GRID; i++) {
      double error = fit(values, LEAST + i * step).error();
      if (error < bestError) {
        bestError = error;
        best = LEAST + i * step;
      }
    }
    double low = Math.max(LEAST, best - step);
    double high = Math.min(MOST, best + step);
    while (high - low > 1e-7) {
      double first = high - GOLDEN * (high - low);
      double second = low + GOLDEN * (high - low);
      if (fit(values, first).error() < fit(values, second).error()) {
        high = second;
      } else {
        low = first;
      }
    }
    return fit(values, (low + high) / 2).level();
  }

  /** The squared errors of a rate with the best first level, and the last level. */
  private static Fit fit(double[] values, double rate) {
    // With the first level l the error at t is error0(t) - decay(t) l.
    double level = 0;
    double decay = 1;
    double squares = 0;
    double product = 0;
    double decays = 0;
    for (double value : values) {
      double error = value - level;
      squares += error * error;
      product += error * decay;
      decays += decay * decay;
      level += rate * error;
      decay *= 1 - rate;
    }
    double first = product / decays;
    return new Fit(squares - product * first, level + decay * first);
  }

  private record Fit(double error, double level) {}
}
