package io.hdl.data.series;

import io.hdl.data.column.ColumnBatch;
import java.util.List;

/** Reads rows of a table, as often as it is asked, in any order and on any threads. */
public interface RowReader {
  /** Takes batches, from several threads at the same time. */
  interface Sink {
    /**
     * Takes one batch; its vectors are used again afterwards.
     *
     * @param number the batch's own number: the same rows have the same one in every read
     */
    void accept(long number, ColumnBatch batch);
  }

  /**
   * Reads columns of every row; returns when the last batch was taken.
   *
   * @param values columns that are wanted as their types have them; they come first
   * @param floats columns that are wanted as floats, NaN where missing
   */
  void read(List<String> values, List<String> floats, Sink sink);
}
