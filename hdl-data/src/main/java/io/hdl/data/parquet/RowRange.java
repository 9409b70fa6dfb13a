package io.hdl.data.parquet;

/** Checks of ranges of rows. */
final class RowRange {
  private RowRange() {}

  static void check(long fromRow, long toRow, long rows) {
    if (fromRow < 0 || toRow < fromRow || toRow > rows) {
      throw new IllegalArgumentException(
          "rows: "
              + fromRow
              + " to "
              + toRow
              + " (expected: within the row group's "
              + rows
              + " rows)");
    }
  }
}
