package io.hdl.data.column;

import java.util.List;

/**
 * Consecutive rows of one data file, deleted ones left out, column by column. Valid until the sink
 * that takes it returns: decoders use its memory again. Whoever keeps values copies them.
 *
 * @param rows number of rows
 * @param columns one vector per column that was asked for, in that order
 */
public record ColumnBatch(int rows, List<ColumnVector> columns) {
  /** Checks that all vectors have the same length. */
  public ColumnBatch {
    columns = List.copyOf(columns);
    for (ColumnVector column : columns) {
      if (column.size() != rows) {
        throw new IllegalArgumentException(
            "vector of " + column.size() + " rows (expected: " + rows + ")");
      }
    }
  }
}
