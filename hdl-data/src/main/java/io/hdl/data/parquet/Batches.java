package io.hdl.data.parquet;

import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.column.DeletedRows;
import io.hdl.data.column.FloatForm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads rows batch by batch, whichever way each column is read. */
final class Batches {
  private Batches() {}

  /**
   * Reads rows into batches.
   *
   * @param readers one for each column, at its first row
   * @param firstRow the first row's position in the file
   */
  static void read(
      List<FileColumn> columns,
      List<VectorReader> readers,
      long firstRow,
      long rows,
      DeletedRows deleted,
      Consumer<ColumnBatch> sink) {
    for (long from = firstRow; from < firstRow + rows; from += ColumnDecoder.BATCH_ROWS) {
      long to = Math.min(firstRow + rows, from + ColumnDecoder.BATCH_ROWS);
      int[] left = deleted.countBetween(from, to) == 0 ? null : deleted.left(from, to);
      List<ColumnVector> vectors = new ArrayList<>(readers.size());
      for (VectorReader reader : readers) {
        ColumnVector vector = reader.read((int) (to - from), left);
        vectors.add(FloatForm.of(vector, columns.get(vectors.size()).form()));
      }
      int count = left == null ? (int) (to - from) : left.length;
      if (count > 0) {
        sink.accept(new ColumnBatch(count, vectors));
      }
    }
  }
}
