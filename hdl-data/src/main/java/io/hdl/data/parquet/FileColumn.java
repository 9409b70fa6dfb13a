package io.hdl.data.parquet;

import io.hdl.data.column.ColumnForm;
import io.hdl.data.column.ColumnType;
import java.util.List;

/**
 * A column as it is asked of a data file.
 *
 * @param name its name in the table, for messages
 * @param path its physical name, preceded by the physical names of the structs around it
 * @param ids the field id of each part of the path, or -1 where the part is found by its name
 * @param type the type in which it is wanted; the file may hold a narrower one
 * @param form how its values are wanted in memory
 */
public record FileColumn(
    String name, List<String> path, List<Integer> ids, ColumnType type, ColumnForm form) {
  /** Copies the lists. */
  public FileColumn {
    path = List.copyOf(path);
    ids = List.copyOf(ids);
    if (path.isEmpty() || path.size() != ids.size()) {
      throw new IllegalArgumentException(
          "path and ids: " + path + ", " + ids + " (expected: one id per part)");
    }
  }

  /** A top-level column that is found by its name. */
  public static FileColumn of(String name, ColumnType type) {
    return new FileColumn(name, List.of(name), List.of(-1), type, ColumnForm.VALUE);
  }

  /** The same column with its values in another form. */
  public FileColumn as(ColumnForm other) {
    return new FileColumn(name, path, ids, type, other);
  }
}
