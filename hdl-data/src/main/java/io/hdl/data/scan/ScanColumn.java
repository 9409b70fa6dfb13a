package io.hdl.data.scan;

import io.hdl.data.column.ColumnForm;
import java.util.List;

/**
 * A column that a scan is asked for.
 *
 * @param name its name in the table; a leaf of a struct by its path, {@code price.net}
 * @param form how its values are wanted in memory
 */
public record ScanColumn(String name, ColumnForm form) {
  /** A column whose values are wanted as its type has them. */
  public static ScanColumn values(String name) {
    return new ScanColumn(name, ColumnForm.VALUE);
  }

  /** A column whose values are wanted as floats. */
  public static ScanColumn floats(String name) {
    return new ScanColumn(name, ColumnForm.FLOAT);
  }

  /** Columns whose values are wanted as their types have them. */
  public static List<ScanColumn> values(List<String> names) {
    return names.stream().map(ScanColumn::values).toList();
  }
}
