package io.hdl.data.scan;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnForm;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.parquet.FileColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the columns of a table by name. */
final class TableColumns {
  private TableColumns() {}

  /**
   * The columns with these names, as data files are asked for them.
   *
   * @throws HdlException with {@link ErrorCode#SCHEMA_MISMATCH} that lists every unknown name and
   *     the known ones
   */
  static List<FileColumn> find(TableSnapshot snapshot, List<String> names) {
    return find(snapshot, names, "SeriesSpec");
  }

  /** As {@link #find(TableSnapshot, List)}, for names that were given to something else. */
  static List<FileColumn> find(TableSnapshot snapshot, List<String> names, String givenTo) {
    List<FileColumn> found = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (String name : names) {
      FileColumn column = find(snapshot.columns(), name, name, List.of(), List.of());
      if (column == null) {
        unknown.add("\"" + name + "\"");
      } else {
        found.add(column);
      }
    }
    if (!unknown.isEmpty()) {
      List<String> known = new ArrayList<>();
      snapshot.columns().forEach(column -> list(column, "", known));
      throw new HdlException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot read column"
              + (unknown.size() == 1 ? " " : "s ")
              + String.join(", ", unknown)
              + " of "
              + snapshot.uri()
              + " at version "
              + snapshot.version()
              + ": no such column (known: "
              + String.join(", ", known)
              + "). Check the names in "
              + givenTo
              + ", or choose another version.");
    }
    return found;
  }

  private static @Nullable FileColumn find(
      List<Column> columns, String name, String rest, List<String> path, List<Integer> ids) {
    for (Column column : columns) {
      List<String> deeper = added(path, column.physicalName());
      List<Integer> deeperIds = added(ids, column.fieldId());
      if (column.name().equals(rest)) {
        return new FileColumn(name, deeper, deeperIds, column.type(), ColumnForm.VALUE);
      }
      if (rest.startsWith(column.name() + ".")) {
        String inner = rest.substring(column.name().length() + 1);
        FileColumn found = find(column.type().fields(), name, inner, deeper, deeperIds);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static <T> List<T> added(List<T> list, T last) {
    List<T> longer = new ArrayList<>(list);
    longer.add(last);
    return longer;
  }

  private static void list(Column column, String prefix, List<String> known) {
    if (column.type().kind() == ColumnType.Kind.STRUCT) {
      column.type().fields().forEach(field -> list(field, prefix + column.name() + ".", known));
    } else {
      known.add(prefix + column.name());
    }
  }
}
