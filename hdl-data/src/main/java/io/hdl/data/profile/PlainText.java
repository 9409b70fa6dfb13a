package io.hdl.data.profile;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Values as text that other programs write alike. */
final class PlainText {
  private static final long MICROS_PER_SECOND = 1_000_000L;

  private PlainText() {}

  /**
   * The shortest decimal number that reads back as the same double, written as Python's {@code
   * repr} writes it: {@code 0.1}, {@code 1e+16}, {@code 1.1754943508222875e-38}. ({@code
   * Double.toString} is not always the shortest before JDK 19.)
   */
  static String of(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal shortest = shortest(Math.abs(value)).stripTrailingZeros();
    String digits = shortest.unscaledValue().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    StringBuilder text = new StringBuilder(value < 0 ? "-" : "");
    if (exponent < -4 || exponent >= 16) {
      text.append(digits.charAt(0));
      if (digits.length() > 1) {
        text.append('.').append(digits, 1, digits.length());
      }
      text.append('e').append(exponent < 0 ? '-' : '+');
      text.append(Math.abs(exponent) < 10 ? "0" : "").append(Math.abs(exponent));
    } else {
      String plain = shortest.toPlainString();
      text.append(plain).append(plain.indexOf('.') < 0 ? ".0" : "");
    }
    return text.toString();
  }

  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < 17; digits++) {
      BigDecimal below = exact.round(new MathContext(digits, RoundingMode.FLOOR));
      BigDecimal above = exact.round(new MathContext(digits, RoundingMode.CEILING));
      boolean belowFirst = exact.subtract(below).compareTo(above.subtract(exact)) <= 0;
      BigDecimal near = belowFirst ? below : above;
      BigDecimal far = belowFirst ? above : below;
      if (near.doubleValue() == value) {
        return near;
      }
      if (far.doubleValue() == value) {
        return far;
      }
    }
    return exact.round(new MathContext(17, RoundingMode.HALF_EVEN));
  }

  /** A day in ISO 8601. */
  static String date(long epochDay) {
    return LocalDate.ofEpochDay(epochDay).toString();
  }

  /** An instant in ISO 8601. */
  static String timestamp(long micros) {
    return instant(micros).toString();
  }

  /** A day and time of day without a zone in ISO 8601. */
  static String timestampWithoutZone(long micros) {
    return LocalDateTime.ofInstant(instant(micros), ZoneOffset.UTC)
        .format(DateTimeFormatter.ISO_LOCAL_DATE_TIME);
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS_PER_SECOND), Math.floorMod(micros, MICROS_PER_SECOND) * 1000);
  }
}
