package io.hdl.train.model;

/** The basis functions of N-BEATS's interpretable stacks, row by row, as in the authors' code. */
final class NBeatsBases {
  private NBeatsBases() {}

  /** {@code (t / length)^p} for p from 0 to a degree, {@code [degree + 1, times]}. */
  static float[] polynomials(double[] times, int length, int degree) {
    float[] rows = new float[(degree + 1) * times.length];
    for (int p = 0; p <= degree; p++) {
      for (int t = 0; t < times.length; t++) {
        rows[p * times.length + t] = (float) Math.pow(times[t] / length, p);
      }
    }
    return rows;
  }

  /**
   * Cosines, then sines, of {@code 2 pi f t / horizon} for the frequencies 0 and 1 to below half
   * the horizon in steps of 1 / harmonics, {@code [2 * frequencies, times]}.
   */
  static float[] waves(double[] times, int direction, int horizon, int harmonics) {
    int count = 1 + Math.max(0, (int) Math.ceil(harmonics / 2.0 * horizon) - harmonics);
    float[] rows = new float[2 * count * times.length];
    for (int f = 0; f < count; f++) {
      double frequency = f == 0 ? 0 : (harmonics + f - 1.0) / harmonics;
      for (int t = 0; t < times.length; t++) {
        double angle = direction * 2 * Math.PI * times[t] / horizon * frequency;
        rows[f * times.length + t] = (float) Math.cos(angle);
        rows[(count + f) * times.length + t] = (float) Math.sin(angle);
      }
    }
    return rows;
  }
}
