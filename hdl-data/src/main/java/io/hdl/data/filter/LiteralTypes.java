package io.hdl.data.filter;

import io.hdl.data.column.ColumnType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/** Literals as values of the columns that they are compared with. */
final class LiteralTypes {
  private static final BigDecimal MICROS = BigDecimal.valueOf(1_000_000);

  private LiteralTypes() {}

  /**
   * A literal as a number: of days for a date, of microseconds for a timestamp, 0 or 1 for a
   * boolean.
   *
   * @throws IllegalArgumentException if the literal is none for the type
   */
  static BigDecimal number(Literal literal, ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> {
        if (literal instanceof Literal.Flag flag) {
          yield flag.value() ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        throw mismatch(literal, type);
      }
      case DATE -> BigDecimal.valueOf(day(literal, type).toEpochDay());
      case TIMESTAMP -> micros(instant(literal, type));
      case TIMESTAMP_NTZ -> micros(local(literal, type).toInstant(ZoneOffset.UTC));
      default -> {
        if (literal instanceof Literal.Numeric number) {
          yield number.value();
        }
        throw mismatch(literal, type);
      }
    };
  }

  private static LocalDate day(Literal literal, ColumnType type) {
    if (literal instanceof Literal.Day day) {
      return day.value();
    }
    if (literal instanceof Literal.Text text) {
      try {
        return LocalDate.parse(text.value());
      } catch (DateTimeException e) {
        throw mismatch(literal, type, "write it as 2011-01-31");
      }
    }
    throw mismatch(literal, type);
  }

  private static Instant instant(Literal literal, ColumnType type) {
    if (literal instanceof Literal.Moment moment) {
      return moment.value();
    }
    if (literal instanceof Literal.Text text) {
      try {
        return OffsetDateTime.parse(iso(text.value())).toInstant();
      } catch (DateTimeException e) {
        // Without an offset, perhaps.
        return local(literal, type).toInstant(ZoneOffset.UTC);
      }
    }
    return local(literal, type).toInstant(ZoneOffset.UTC);
  }

  private static LocalDateTime local(Literal literal, ColumnType type) {
    if (literal instanceof Literal.LocalMoment moment) {
      return moment.value();
    }
    if (literal instanceof Literal.Day day) {
      return day.value().atStartOfDay();
    }
    if (literal instanceof Literal.Text text) {
      try {
        String iso = iso(text.value());
        return iso.contains("T") ? LocalDateTime.parse(iso) : LocalDate.parse(iso).atStartOfDay();
      } catch (DateTimeException e) {
        throw mismatch(literal, type, "write it as 2011-01-31 or 2011-01-31T23:59:59");
      }
    }
    throw mismatch(literal, type);
  }

  private static String iso(String text) {
    return text.length() > 10 && text.charAt(10) == ' '
        ? text.substring(0, 10) + "T" + text.substring(11)
        : text;
  }

  private static BigDecimal micros(Instant moment) {
    return BigDecimal.valueOf(moment.getEpochSecond())
        .multiply(MICROS)
        .add(BigDecimal.valueOf(moment.getNano(), 3));
  }

  /** The largest integer that is not above a number. */
  static BigDecimal floor(BigDecimal number) {
    return number.setScale(0, RoundingMode.FLOOR);
  }

  static IllegalArgumentException mismatch(Literal literal, ColumnType type) {
    return new IllegalArgumentException("is " + type + ", but " + what(literal));
  }

  private static IllegalArgumentException mismatch(
      Literal literal, ColumnType type, String advice) {
    return new IllegalArgumentException(
        "is " + type + ", but " + what(literal) + " (" + advice + ")");
  }

  private static String what(Literal literal) {
    String kind =
        literal instanceof Literal.Numeric
            ? "number"
            : literal instanceof Literal.Text
                ? "text"
                : literal instanceof Literal.NotFinite
                    ? "floating-point value"
                    : literal instanceof Literal.Flag ? "truth value" : "";
    String text = literal.toString();
    return (kind.isEmpty() ? "" : kind.toLowerCase(Locale.ROOT) + " ") + text + " is not";
  }
}
