package io.hdl.data.filter;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;

/** A value that a filter compares with; its text is how {@link Filter#parse} takes it. */
public sealed interface Literal {
  /** A finite number; {@code 3} and {@code 3.0} are the same. */
  record Numeric(BigDecimal value) implements Literal {
    private static final int MAX_EXPONENT = 400;

    /** Brings equal numbers to one form. */
    public Numeric {
      int exponent = value.precision() - value.scale();
      if (value.signum() != 0 && Math.abs(exponent) > MAX_EXPONENT) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT,
            "number: " + value + " (expected: an exponent from -400 to 400)");
      }
      value = value.stripTrailingZeros();
    }

    @Override
    public String toString() {
      return Math.abs(value.scale()) > 40 ? value.toString() : value.toPlainString();
    }
  }

  /** NaN or an infinity. */
  record NotFinite(double value) implements Literal {
    @Override
    public String toString() {
      return Double.isNaN(value) ? "nan" : value > 0 ? "infinity" : "-infinity";
    }
  }

  /** A text; for a column of dates or timestamps, one in ISO 8601. */
  record Text(String value) implements Literal {
    @Override
    public String toString() {
      return "'" + value.replace("'", "''") + "'";
    }
  }

  /** True or false. */
  record Flag(boolean value) implements Literal {
    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  /** A day. */
  record Day(LocalDate value) implements Literal {
    @Override
    public String toString() {
      return "date '" + value + "'";
    }
  }

  /** An instant. */
  record Moment(Instant value) implements Literal {
    @Override
    public String toString() {
      return "timestamp '" + value + "'";
    }
  }

  /** A day and time of day without a zone. */
  record LocalMoment(LocalDateTime value) implements Literal {
    @Override
    public String toString() {
      return "timestamp_ntz '" + value + "'";
    }
  }

  /**
   * The literal of a Java value: a number, a {@code String}, a {@code Boolean}, a {@code
   * LocalDate}, an {@code Instant} or a {@code LocalDateTime}.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} for anything else
   */
  static Literal of(Object value) {
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number)
          ? new Numeric(new BigDecimal(value.toString()))
          : new NotFinite(number);
    }
    if (value instanceof BigDecimal number) {
      return new Numeric(number);
    }
    if (value instanceof BigInteger number) {
      return new Numeric(new BigDecimal(number));
    }
    if (value instanceof Number number
        && (number instanceof Long
            || number instanceof Integer
            || number instanceof Short
            || number instanceof Byte)) {
      return new Numeric(BigDecimal.valueOf(number.longValue()));
    }
    if (value instanceof String text) {
      return new Text(text);
    }
    if (value instanceof Boolean flag) {
      return new Flag(flag);
    }
    if (value instanceof LocalDate day) {
      return new Day(day);
    }
    if (value instanceof Instant moment) {
      return new Moment(moment);
    }
    if (value instanceof LocalDateTime moment) {
      return new LocalMoment(moment);
    }
    if (value instanceof Literal literal) {
      return literal;
    }
    throw new HdlException(
        ErrorCode.INVALID_ARGUMENT,
        "value: a "
            + (value == null ? "null" : value.getClass().getSimpleName())
            + " (expected: a number, String, Boolean, LocalDate, Instant or LocalDateTime;"
            + " nulls are asked for by isNull())");
  }
}
