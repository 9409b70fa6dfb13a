package io.hdl.data.column;

/** How a column's values are wanted in memory. */
public enum ColumnForm {
  /** As the column's type: integers as {@code long}, decimals exactly, texts as codes. */
  VALUE,
  /**
   * As 32-bit floats off-heap, NaN where null: numbers, booleans (0 and 1) and days since
   * 1970-01-01, rounded once from the table's value.
   */
  FLOAT
}
