package io.hdl.data.scan;

import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnVector;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where the rows of a filtered scan's batches belong in columns of floats. Batches of different
 * numbers may be placed at the same time.
 */
final class PlacedFloats {
  private final Map<Long, Long> firstRows;
  private final long rows;
  private final Optional<FloatColumns> into;

  private PlacedFloats(Map<Long, Long> firstRows, long rows, Optional<FloatColumns> into) {
    this.firstRows = firstRows;
    this.rows = rows;
    this.into = into;
  }

  /** Batches with these numbers of rows, one after the other in the order of their numbers. */
  static PlacedFloats of(Map<Long, Integer> rowsPerBatch) {
    Map<Long, Long> firstRows = new TreeMap<>();
    long rows = 0;
    for (Map.Entry<Long, Integer> batch : new TreeMap<>(rowsPerBatch).entrySet()) {
      firstRows.put(batch.getKey(), rows);
      rows += batch.getValue();
    }
    return new PlacedFloats(firstRows, rows, Optional.empty());
  }

  /** Rows of all batches together. */
  long rows() {
    return rows;
  }

  /** The same places in columns that have one value for each row. */
  PlacedFloats into(FloatColumns columns) {
    return new PlacedFloats(firstRows, rows, Optional.of(columns));
  }

  /** Copies a batch of floats to its place. */
  void accept(long number, ColumnBatch batch) {
    FloatColumns columns = into.orElseThrow();
    Long first = firstRows.get(number);
    if (first == null) {
      throw new IllegalStateException("batch " + number + " had no rows before");
    }
    float[] values = new float[batch.rows()];
    for (int c = 0; c < batch.columns().size(); c++) {
      ((ColumnVector.Floats) batch.columns().get(c)).copyTo(0, values, 0, values.length);
      FloatBuffer column = columns.column(c);
      column.put(Math.toIntExact(first), values, 0, values.length);
    }
  }
}
