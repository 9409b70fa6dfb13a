package io.hdl.train.metric;

/**
 * Accumulates scaled errors of windows: each window's MAE divided by its series' seasonal scale, or
 * its RMSE by the root of its squared seasonal scale; then the mean over windows, every window with
 * the same weight whatever its series sells. With one window per series the first is the M4
 * competition's MASE, the second the mean RMSSE.
 *
 * <p>A window without any label, and one whose series has no scale (a history shorter than a
 * season) or a scale of zero (a history that repeats itself exactly), has none: it is left out and
 * {@linkplain #leftOut counted}. Not thread-safe.
 */
public final class ScaledErrors {
  private double sum;
  private long count;
  private long leftOut;

  /**
   * Adds one window.
   *
   * @param error the window's MAE or RMSE; NaN if it has no label
   * @param scale the {@link Metrics#seasonalScale} of its series' history, or the root of the
   *     {@link Metrics#squaredSeasonalScale}; may be zero or NaN
   */
  public void add(double error, double scale) {
    if (Double.isNaN(error) || !(scale > 0)) {
      leftOut++;
      return;
    }
    sum += error / scale;
    count++;
  }

  /** Adds everything that another accumulator has seen. */
  public void add(ScaledErrors other) {
    sum += other.sum;
    count += other.count;
    leftOut += other.leftOut;
  }

  /** The mean scaled error, MASE or RMSSE; NaN if no window has one. */
  public double mean() {
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
