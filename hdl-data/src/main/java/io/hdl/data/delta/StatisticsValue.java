package io.hdl.data.delta;

import io.hdl.data.column.ColumnType;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Smallest and largest values in a log's statistics as safe bounds: never tighter than what any
 * writer can have meant. Unknown where a value cannot be told for certain.
 */
final class StatisticsValue {
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

  // Timestamps are cut to milliseconds, by some writers towards zero.
  private static final long CUT_MICROS = 999;

  // From this length on a text may be cut (dataSkippingStringPrefixLength is 32 by default).
  private static final int PREFIX_LENGTH = 32;
  private static final Set<Integer> TIE_BREAKERS = Set.of(0x7F, 0xFFFD, Character.MAX_CODE_POINT);

  // A float's shortest text, read as a double, is off by at most half a unit in 24 bits.
  private static final double FLOAT_UNIT = 0x1p-23;

  // Some writers pass decimals through doubles: a unit is 2^-52.
  private static final BigDecimal DOUBLE_UNIT = new BigDecimal("2.3e-16");
  private static final int DIGITS_OF_DOUBLE = 15;

  private StatisticsValue() {}

  /** A value that no value of the column is below. */
  static Optional<Object> lower(@Nullable Object stored, ColumnType type) {
    return bound(stored, type, -1);
  }

  /** A value that no value of the column is above, NaN aside. */
  static Optional<Object> upper(@Nullable Object stored, ColumnType type) {
    return bound(stored, type, 1);
  }

  private static Optional<Object> bound(@Nullable Object stored, ColumnType type, int side) {
    if (stored == null) {
      return Optional.empty();
    }
    try {
      return switch (type.kind()) {
        case BYTE, SHORT, INTEGER, LONG -> Optional.of(number(stored).longValueExact());
        case FLOAT -> Optional.of(wide((double) Float.parseFloat(stored.toString()), side));
        case DOUBLE -> Optional.of(wide(Double.parseDouble(stored.toString()), side));
        case DECIMAL -> Optional.of(wide(number(stored), type, side));
        case DATE -> Optional.of(LocalDate.parse(stored.toString()).toEpochDay());
        case TIMESTAMP, TIMESTAMP_NTZ -> moment(stored.toString(), type, side);
        case STRING ->
            stored instanceof String text && type.precision() == 0
                ? text(text, side)
                : Optional.empty();
        case BOOLEAN, BINARY, STRUCT, OTHER -> Optional.empty();
      };
    } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static BigDecimal number(Object stored) {
    if (stored instanceof Number) {
      return new BigDecimal(stored.toString());
    }
    throw new NumberFormatException("not a number");
  }

  private static Double wide(double value, int side) {
    if (Double.isNaN(value)) {
      // As the smallest value: there is nothing but NaN. As the largest one: it says nothing.
      return Double.POSITIVE_INFINITY;
    }
    if (Double.isInfinite(value)) {
      return value;
    }
    return value + side * (Math.abs(value) * FLOAT_UNIT + Float.MIN_VALUE);
  }

  private static BigDecimal wide(BigDecimal value, ColumnType type, int side) {
    return type.precision() <= DIGITS_OF_DOUBLE
        ? value
        : value.add(value.abs().multiply(DOUBLE_UNIT).multiply(BigDecimal.valueOf(side)));
  }

  private static Optional<Object> moment(String text, ColumnType type, int side) {
    if (text.length() <= 10) {
      // Of a file from before the column was widened from a date.
      long day = Math.multiplyExact(LocalDate.parse(text).toEpochDay(), MICROS_PER_DAY);
      return type.kind() == ColumnType.Kind.TIMESTAMP_NTZ
          ? Optional.of(side < 0 ? day : Math.addExact(day, MICROS_PER_DAY))
          : Optional.empty();
    }
    String iso = text.replace(' ', 'T');
    boolean zoned = iso.endsWith("Z") || iso.matches(".*T.*[+-]\\d\\d:?\\d\\d");
    if (type.kind() == ColumnType.Kind.TIMESTAMP && !zoned) {
      return Optional.empty();
    }
    Instant moment;
    if (type.kind() == ColumnType.Kind.TIMESTAMP) {
      moment = OffsetDateTime.parse(iso).toInstant();
    } else if (!zoned || iso.endsWith("Z")) {
      String local = iso.endsWith("Z") ? iso.substring(0, iso.length() - 1) : iso;
      moment = LocalDateTime.parse(local).toInstant(ZoneOffset.UTC);
    } else {
      return Optional.empty();
    }
    long micros =
        Math.addExact(
            Math.multiplyExact(moment.getEpochSecond(), MICROS_PER_SECOND),
            moment.getNano() / 1000);
    return Optional.of(Math.addExact(micros, side * CUT_MICROS));
  }

  private static Optional<Object> text(String text, int side) {
    if (side < 0) {
      return Optional.of(text);
    }
    int length = text.codePointCount(0, text.length());
    boolean tieBroken =
        !text.isEmpty() && TIE_BREAKERS.contains(text.codePointBefore(text.length()));
    if (!tieBroken && length < PREFIX_LENGTH) {
      return Optional.of(text);
    }
    String prefix = tieBroken ? withoutLast(text) : text;
    // What is left of a surrogate pair that was cut in the middle.
    while (prefix.endsWith("?") || prefix.endsWith("\uFFFD")) {
      prefix = withoutLast(prefix);
    }
    return afterAllWith(prefix);
  }

  private static String withoutLast(String text) {
    return text.substring(0, text.offsetByCodePoints(text.length(), -1));
  }

  /** A text above every text that begins with a prefix. */
  private static Optional<Object> afterAllWith(String prefix) {
    String head = prefix;
    while (!head.isEmpty()) {
      int last = head.codePointBefore(head.length());
      head = withoutLast(head);
      if (last < Character.MAX_CODE_POINT) {
        int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
        return Optional.of(head + Character.toString(next));
      }
    }
    return Optional.empty();
  }
}
