package io.hdl.data.row;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnType;
import io.hdl.data.series.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns of a specification with their types, held against their roles. Immutable. */
final class RowColumns {
  private final RowSpec spec;
  private final Map<String, ColumnType> types;

  private RowColumns(RowSpec spec, Map<String, ColumnType> types) {
    this.spec = spec;
    this.types = Map.copyOf(types);
  }

  /**
   * Checks the types.
   *
   * @throws HdlException with {@link ErrorCode#SCHEMA_MISMATCH} that lists every column whose type
   *     does not suit its role
   */
  static RowColumns of(RowSpec spec, Map<String, ColumnType> types, String table) {
    RowColumns columns = new RowColumns(spec, types);
    List<String> wrong = new ArrayList<>();
    spec.features().forEach(column -> columns.checkValue("feature", column, wrong));
    spec.labels().forEach(column -> columns.checkValue("label", column, wrong));
    for (String key : spec.keys()) {
      ColumnType type = columns.type(key);
      boolean known =
          switch (type.kind()) {
            case BOOLEAN, STRING, DATE, TIMESTAMP, TIMESTAMP_NTZ -> true;
            default -> type.isInteger();
          };
      if (!known) {
        wrong.add(
            "key \""
                + key
                + "\" is "
                + type
                + " (expected: an integer, a boolean, a string, a date or a timestamp)");
      }
    }
    if (spec.split() instanceof RowSplit.At at && !columns.orders(at.column())) {
      wrong.add(
          "time \""
              + at.column()
              + "\" is "
              + columns.type(at.column())
              + " (expected: a date, a timestamp or an integer)");
    }
    for (String column : spec.vocabularies().keySet()) {
      if (columns.kind(column) != Channel.Kind.CATEGORY) {
        wrong.add(
            "column \""
                + column
                + "\" is "
                + columns.type(column)
                + " (expected: a string, as it has a vocabulary)");
      }
    }
    if (!wrong.isEmpty()) {
      throw new HdlException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot learn from rows of the table "
              + table
              + ": "
              + String.join("; ", wrong)
              + ". Choose other columns in RowSpec, or cast them where the table is written.");
    }
    return columns;
  }

  private void checkValue(String role, String column, List<String> wrong) {
    if (kind(column) == null) {
      wrong.add(
          role
              + " \""
              + column
              + "\" is "
              + type(column)
              + " (expected: a number, a boolean, a date or a string)");
    }
  }

  private boolean orders(String column) {
    return switch (type(column).kind()) {
      case DATE, TIMESTAMP, TIMESTAMP_NTZ -> true;
      default -> type(column).isInteger();
    };
  }

  /** What the numbers of a feature or label stand for; null if its type is not taken. */
  Channel.@Nullable Kind kind(String column) {
    ColumnType type = type(column);
    if (type.isNumber()) {
      return Channel.Kind.NUMBER;
    }
    return switch (type.kind()) {
      case DATE -> Channel.Kind.NUMBER;
      case BOOLEAN -> Channel.Kind.BOOLEAN;
      case STRING -> Channel.Kind.CATEGORY;
      default -> null;
    };
  }

  /** Whether a feature or label holds texts. */
  boolean isText(String column) {
    return kind(column) == Channel.Kind.CATEGORY;
  }

  ColumnType type(String column) {
    ColumnType type = types.get(column);
    if (type == null) {
      throw new IllegalArgumentException("no type of column " + column);
    }
    return type;
  }

  RowSpec spec() {
    return spec;
  }
}
