package io.hdl.data.scan;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of partition columns, which the log holds as text (Delta protocol, "Partition Value
 * Serialization"). An empty text stands for null, whatever the type. A timestamp without a zone is
 * taken as UTC.
 */
final class PartitionValue {
  private PartitionValue() {}

  /** A vector that holds one value throughout. */
  static ColumnVector vector(String column, ColumnType type, @Nullable String text, int rows) {
    boolean missing = text == null || text.isEmpty();
    boolean[] nulls = null;
    if (missing) {
      nulls = new boolean[rows];
      Arrays.fill(nulls, true);
    }
    String value = missing || text == null ? "" : text;
    try {
      return switch (type.kind()) {
        case BOOLEAN, BYTE, SHORT, INTEGER, LONG, DATE, TIMESTAMP, TIMESTAMP_NTZ -> {
          long[] values = new long[rows];
          Arrays.fill(values, missing ? 0 : asLong(type, value));
          yield new ColumnVector.Longs(values, nulls);
        }
        case FLOAT, DOUBLE -> {
          double[] values = new double[rows];
          Arrays.fill(
              values,
              missing
                  ? 0
                  : type.kind() == ColumnType.Kind.FLOAT
                      ? Float.parseFloat(value)
                      : Double.parseDouble(value));
          yield new ColumnVector.Doubles(values, nulls);
        }
        case DECIMAL -> {
          @Nullable BigDecimal[] values = new @Nullable BigDecimal[rows];
          Arrays.fill(values, missing ? null : new BigDecimal(value).setScale(type.scale()));
          yield new ColumnVector.Decimals(values);
        }
        case STRING -> {
          int[] codes = new int[rows];
          Arrays.fill(codes, missing ? -1 : 0);
          yield new ColumnVector.Texts(codes, List.of(type.padded(value)));
        }
        case BINARY -> {
          byte[] @Nullable [] values = new byte[rows][];
          if (!missing) {
            Arrays.fill(values, value.getBytes(StandardCharsets.UTF_8));
          }
          yield new ColumnVector.Binaries(values);
        }
        case STRUCT, OTHER -> throw new NumberFormatException("not a partition type");
      };
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      throw new HdlException(
          ErrorCode.CORRUPT_DATA,
          "Cannot read the partition value \""
              + value
              + "\" of column \""
              + column
              + "\" as "
              + type
              + ". Repair the table where it is written.",
          e);
    }
  }

  private static long asLong(ColumnType type, String text) {
    return switch (type.kind()) {
      case BOOLEAN -> Boolean.parseBoolean(text) ? 1 : 0;
      case DATE -> LocalDate.parse(text).toEpochDay();
      case TIMESTAMP, TIMESTAMP_NTZ -> micros(text);
      default -> Long.parseLong(text);
    };
  }

  private static long micros(String text) {
    String iso = text.replace(' ', 'T');
    Instant instant =
        iso.endsWith("Z")
            ? Instant.parse(iso)
            : LocalDateTime.parse(iso, DateTimeFormatter.ISO_LOCAL_DATE_TIME)
                .toInstant(ZoneOffset.UTC);
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
  }
}
