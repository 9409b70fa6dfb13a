package io.hdl.data.parquet;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Whether a file counts days in the calendar of old: Spark before 3.0 did, and later ones do where
 * they are told to, and say so in the footer. The two calendars differ before 1582-10-15, moments
 * in time zones with a local mean time before 1900: such values are refused, all others are equal.
 *
 * @param dates whether days and microseconds are counted so
 * @param int96 whether the moments of type INT96 are
 */
record LegacyCalendar(boolean dates, boolean int96) {
  private static final long FIRST_DAY = -141_427;
  private static final long FIRST_MICROS = -2_208_988_800_000_000L;
  private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\..*");
  private static final LegacyCalendar NONE = new LegacyCalendar(false, false);

  /** What the footer's key-value pairs say. */
  static LegacyCalendar of(@Nullable List<KeyValue> pairs) {
    LegacyCalendar found = NONE;
    for (KeyValue pair : pairs == null ? List.<KeyValue>of() : pairs) {
      switch (pair.getKey()) {
        case "org.apache.spark.version" -> {
          Matcher version = VERSION.matcher(String.valueOf(pair.getValue()));
          if (version.matches()) {
            int major = Integer.parseInt(version.group(1));
            boolean before31 = major == 3 && Integer.parseInt(version.group(2)) == 0;
            found = found.or(major < 3, major < 3 || before31);
          }
        }
        case "org.apache.spark.legacyDateTime" -> found = found.or(true, false);
        case "org.apache.spark.legacyINT96" -> found = found.or(false, true);
        default -> {
          // Says something else.
        }
      }
    }
    return found;
  }

  private LegacyCalendar or(boolean otherDates, boolean otherInt96) {
    return new LegacyCalendar(dates || otherDates, int96 || otherInt96);
  }

  /** Whether a column has to be looked at. */
  boolean concerns(ColumnType type, PrimitiveTypeName stored) {
    return switch (type.kind()) {
      case DATE, TIMESTAMP, TIMESTAMP_NTZ -> stored == PrimitiveTypeName.INT96 ? int96 : dates;
      default -> false;
    };
  }

  /** A reader that refuses values which mean another day than they seem to. */
  VectorReader guard(VectorReader reader, FileColumn column, PrimitiveTypeName stored, Path file) {
    return concerns(column.type(), stored) ? new Guarded(reader, column, file) : reader;
  }

  /** Looks at floats that were read from a column that is concerned. */
  static void check(FloatBuffer values, int from, int to, FileColumn column, Path file) {
    long first = first(column);
    for (int i = from; i < to; i++) {
      if (values.get(i) < first) {
        throw refused(column, file);
      }
    }
  }

  private static long first(FileColumn column) {
    return column.type().kind() == ColumnType.Kind.DATE ? FIRST_DAY : FIRST_MICROS;
  }

  private static HdlException refused(FileColumn column, Path file) {
    return new HdlException(
        ErrorCode.UNSUPPORTED_FEATURE,
        "Cannot read column \""
            + column.name()
            + "\" of "
            + file
            + ": it has values before "
            + (column.type().kind() == ColumnType.Kind.DATE ? "1582-10-15" : "1900-01-01")
            + " in the legacy calendar of Spark, which is not read. Write the table again with"
            + " spark.sql.parquet.datetimeRebaseModeInWrite and int96RebaseModeInWrite set to"
            + " CORRECTED.");
  }

  private static final class Guarded extends VectorReader {
    private final VectorReader inner;
    private final FileColumn column;
    private final Path file;

    Guarded(VectorReader inner, FileColumn column, Path file) {
      this.inner = inner;
      this.column = column;
      this.file = file;
    }

    @Override
    ColumnVector read(int rows, int @Nullable [] left) {
      ColumnVector vector = inner.read(rows, left);
      long first = first(column);
      for (int row = 0; row < vector.size(); row++) {
        if (!vector.isNull(row) && value(vector, row) < first) {
          throw refused(column, file);
        }
      }
      return vector;
    }

    private static double value(ColumnVector vector, int row) {
      return vector instanceof ColumnVector.Floats floats
          ? floats.value(row)
          : ((ColumnVector.Longs) vector).value(row);
    }

    @Override
    void skip(long rows) {
      inner.skip(rows);
    }

    @Override
    void finish() {
      inner.finish();
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
