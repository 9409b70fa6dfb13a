package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Holds the types of a specification's columns against their roles. */
final class RoleTypes {
  private RoleTypes() {}

  /**
   * Throws one exception that lists every column whose type does not suit its role.
   *
   * @param types by column
   */
  static void check(SeriesSpec spec, Map<String, ColumnType> types, String table) {
    List<String> wrong = new ArrayList<>();
    for (String key : spec.keys()) {
      ColumnType type = type(types, key);
      if (!type.isInteger() && type.kind() != ColumnType.Kind.STRING) {
        wrong.add("key \"" + key + "\" is " + type + " (expected: an integer or a string)");
      }
    }
    ColumnType time = type(types, spec.time());
    TimeAxis.Unit unit = unit(time);
    if (unit == null) {
      wrong.add(
          "time \""
              + spec.time()
              + "\" is "
              + time
              + " (expected: a date, a timestamp or an integer)");
    } else if (!TimeAxis.fits(spec.frequency(), unit)) {
      wrong.add(
          "time \""
              + spec.time()
              + "\" is "
              + time
              + ", which cannot be "
              + spec.frequency()
              + " (expected: "
              + switch (unit) {
                case INTEGER -> "INTEGER";
                case DATE -> "DAILY, WEEKLY or MONTHLY";
                case TIMESTAMP, LOCAL_TIMESTAMP -> "HOURLY, DAILY, WEEKLY or MONTHLY";
              }
              + ")");
    }
    ColumnType target = type(types, spec.target());
    if (!target.isNumber()) {
      wrong.add("target \"" + spec.target() + "\" is " + target + " (expected: a number)");
    }
    covariates("known covariate", spec.known(), types, wrong);
    covariates("past covariate", spec.past(), types, wrong);
    covariates("constant", spec.constants(), types, wrong);
    for (String column : spec.vocabularies().keySet()) {
      ColumnType type = type(types, column);
      if (type.kind() != ColumnType.Kind.STRING) {
        wrong.add("vocabulary of \"" + column + "\", which is " + type + " (expected: a string)");
      }
    }
    if (!wrong.isEmpty()) {
      throw new HdlException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot make series of the table "
              + table
              + ": "
              + String.join("; ", wrong)
              + ". Choose other columns in SeriesSpec, or cast them where the table is written.");
    }
  }

  private static ColumnType type(Map<String, ColumnType> types, String column) {
    ColumnType type = types.get(column);
    if (type == null) {
      throw new IllegalArgumentException("no type of column " + column);
    }
    return type;
  }

  private static void covariates(
      String role, List<String> columns, Map<String, ColumnType> types, List<String> wrong) {
    for (String column : columns) {
      ColumnType type = type(types, column);
      if (kindOf(type) == null) {
        wrong.add(
            role
                + " \""
                + column
                + "\" is "
                + type
                + " (expected: a number, a boolean or a string)");
      }
    }
  }

  static Channel.@org.jspecify.annotations.Nullable Kind kindOf(ColumnType type) {
    if (type.isNumber()) {
      return Channel.Kind.NUMBER;
    }
    return switch (type.kind()) {
      case BOOLEAN -> Channel.Kind.BOOLEAN;
      case STRING -> Channel.Kind.CATEGORY;
      default -> null;
    };
  }

  static TimeAxis.@org.jspecify.annotations.Nullable Unit unit(ColumnType type) {
    return switch (type.kind()) {
      case DATE -> TimeAxis.Unit.DATE;
      case TIMESTAMP -> TimeAxis.Unit.TIMESTAMP;
      case TIMESTAMP_NTZ -> TimeAxis.Unit.LOCAL_TIMESTAMP;
      case BYTE, SHORT, INTEGER, LONG -> TimeAxis.Unit.INTEGER;
      default -> null;
    };
  }
}
