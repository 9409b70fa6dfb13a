package io.hdl.data.feature;

/**
 * A feature that a user defines: one number per step of a series. Must give the same number for the
 * same series and step every time, and is called from several threads.
 *
 * <p>It sees the whole series, so it can go wrong: at a step of the past it must not look at the
 * target, or at what is known for the past only, of later steps; a feature that is known ahead must
 * not look at them within a horizon of its step. {@link LeakDetector} finds out.
 */
@FunctionalInterface
public interface FeatureFunction {
  /**
   * The feature at one step.
   *
   * @param step counted from the series' first row; may lie in the known future
   * @return a finite number, or NaN where it is missing
   */
  double value(SeriesView series, int step);
}
