package io.hdl.train.metric;

/**
 * Accumulates the MASE of windows: each window's MAE divided by its series' seasonal scale, then
 * the mean over windows, every window with the same weight whatever its series sells. With one
 * window per series that is the M4 competition's MASE.
 *
 * <p>A window without any label, and one whose series has no scale (a history shorter than a
 * season) or a scale of zero (a history that repeats itself exactly), has no MASE: it is left out
 * and {@linkplain #leftOut counted}. Not thread-safe.
 */
public final class ScaledErrors {
  private double sum;
  private long count;
  private long leftOut;

  /**
   * Adds one window.
   *
   * @param mae the window's mean absolute error; NaN if it has no label
   * @param scale the {@link Metrics#seasonalScale} of its series' history; may be zero or NaN
   */
  public void add(double mae, double scale) {
    if (Double.isNaN(mae) || !(scale > 0)) {
      leftOut++;
      return;
    }
    sum += mae / scale;
    count++;
  }

  /** Adds everything that another accumulator has seen. */
  public void add(ScaledErrors other) {
    sum += other.sum;
    count += other.count;
    leftOut += other.leftOut;
  }

  /** The mean absolute scaled error; NaN if no window has one. */
  public double mase() {
    return count == 0 ? Double.NaN : sum / count;
  }

  /** Number of windows that count. */
  public long count() {
    return count;
  }

  /** Number of windows without labels or without a scale above zero. */
  public long leftOut() {
    return leftOut;
  }
}
