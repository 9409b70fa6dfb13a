package io.hdl.data.column;

/**
 * A column of a table.
 *
 * @param name its name in the table
 * @param type its type in the table
 * @param physicalName its name in the data files, which column mapping may set apart
 * @param fieldId its id in the data files, or -1 if it is found by name
 * @param nullable whether it may be null; if not, whoever writes the table refuses nulls
 */
public record Column(
    String name, ColumnType type, String physicalName, int fieldId, boolean nullable) {
  /** A column that has one name everywhere. */
  public static Column of(String name, ColumnType type) {
    return new Column(name, type, name, -1, true);
  }
}
