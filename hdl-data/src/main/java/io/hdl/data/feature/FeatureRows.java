package io.hdl.data.feature;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Rows without an order in time, to fit a pipeline on: those of the training part and no others.
 */
public interface FeatureRows {
  /** Takes some rows. */
  @FunctionalInterface
  interface Batch {
    /**
     * Takes rows.
     *
     * @param values {@code [rows, columns]} from index 0, NaN where missing; valid during the call
     * @param rows how many rows it holds
     */
    void take(FloatBuffer values, int rows);
  }

  /** The columns, in the order of a row's values. */
  List<FeatureColumn> columns();

  /**
   * Gives all rows once, on the calling thread; the same rows in the same order each time. How they
   * are cut into batches changes no bit of the fit.
   */
  void read(Batch batch);
}
