package io.hdl.data.scan;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.delta.DataFile;
import io.hdl.data.filter.RowMatcher;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Looks at rows for what the log could not decide. Belongs to one task. */
final class RowChecks {
  private final String table;
  private final DataFile file;
  private final List<SchemaChecks.Check> checks;
  private final List<RowMatcher> matchers = new ArrayList<>();

  RowChecks(String table, DataFile file, List<SchemaChecks.Check> checks) {
    this.table = table;
    this.file = file;
    this.checks = checks;
    checks.forEach(check -> matchers.add(check.violation().filter().matcher()));
  }

  /**
   * Looks at the values of each check's column.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_DATA} at the first row that deviates
   */
  void look(List<ColumnVector> columns, int rows) {
    for (int c = 0; c < checks.size(); c++) {
      boolean[] violates = matchers.get(c).match(List.of(columns.get(c)), rows);
      for (int row = 0; row < rows; row++) {
        if (violates[row]) {
          throw deviates(checks.get(c), columns.get(c), row);
        }
      }
    }
  }

  private HdlException deviates(SchemaChecks.Check check, ColumnVector vector, int row) {
    return new HdlException(
        ErrorCode.INVALID_DATA,
        "The table "
            + table
            + " is not as expected: \""
            + check.expected()
            + "\" does not hold for a row of "
            + file.address()
            + ", whose value is "
            + value(vector, row, check.column().type())
            + ". Correct the table where it is written, choose another version, leave such rows out"
            + " by a filter, or change what is expected.");
  }

  private static String value(ColumnVector vector, int row, ColumnType type) {
    if (vector.isNull(row)) {
      return "null";
    }
    if (vector instanceof ColumnVector.Longs longs) {
      long value = longs.value(row);
      return switch (type.kind()) {
        case BOOLEAN -> Boolean.toString(value != 0);
        case DATE -> LocalDate.ofEpochDay(value).toString();
        case TIMESTAMP, TIMESTAMP_NTZ ->
            Instant.ofEpochSecond(
                    Math.floorDiv(value, 1_000_000L), Math.floorMod(value, 1_000_000L) * 1000)
                .toString();
        default -> Long.toString(value);
      };
    }
    if (vector instanceof ColumnVector.Doubles doubles) {
      return type.kind() == ColumnType.Kind.FLOAT
          ? Float.toString((float) doubles.value(row))
          : Double.toString(doubles.value(row));
    }
    if (vector instanceof ColumnVector.Decimals decimals) {
      return String.valueOf(decimals.value(row));
    }
    if (vector instanceof ColumnVector.Texts texts) {
      return "'" + texts.dictionary().get(texts.code(row)) + "'";
    }
    return "bytes";
  }
}
