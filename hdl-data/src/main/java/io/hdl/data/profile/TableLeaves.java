package io.hdl.data.profile;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.scan.TableScan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The columns of a table, structs taken apart. */
final class TableLeaves {
  private TableLeaves() {}

  /** All columns in the table's order; what is within a struct by its path. */
  static Map<String, ColumnType> of(TableSnapshot snapshot) {
    Map<String, ColumnType> leaves = new LinkedHashMap<>();
    snapshot.columns().forEach(column -> add(column, "", leaves));
    return leaves;
  }

  private static void add(Column column, String prefix, Map<String, ColumnType> leaves) {
    String name = prefix + column.name();
    if (column.type().kind() == ColumnType.Kind.STRUCT) {
      column.type().fields().forEach(field -> add(field, name + ".", leaves));
    } else {
      // Where a name with a dot is also a path, the scan takes the first of them.
      leaves.putIfAbsent(name, column.type());
    }
  }

  /**
   * The columns with these names; a struct stands for what is within it.
   *
   * @throws HdlException with {@link ErrorCode#SCHEMA_MISMATCH} if there is no such column, with
   *     {@link ErrorCode#UNSUPPORTED_FEATURE} if a name is that of a column that is not read
   */
  static Map<String, ColumnType> of(TableSnapshot snapshot, List<String> names) {
    Map<String, ColumnType> chosen = new LinkedHashMap<>();
    List<String> refused = new ArrayList<>();
    TableScan.types(snapshot, names)
        .forEach(
            (name, type) -> {
              if (type.kind() == ColumnType.Kind.STRUCT) {
                type.fields().forEach(field -> add(field, name + ".", chosen));
              } else if (type.kind() == ColumnType.Kind.OTHER) {
                refused.add("\"" + name + "\" (" + type + ")");
              } else {
                chosen.put(name, type);
              }
            });
    if (!refused.isEmpty()) {
      throw new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "Cannot read column"
              + (refused.size() == 1 ? " " : "s ")
              + String.join(", ", refused)
              + " of "
              + snapshot.uri()
              + ": lists, maps and variants are not read. Choose other columns.");
    }
    return chosen;
  }
}
