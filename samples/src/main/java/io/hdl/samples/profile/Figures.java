package io.hdl.samples.profile;

import io.hdl.data.column.ColumnType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers, days and times as people read them. */
final class Figures {
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  private Figures() {}

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  static String percent(double share) {
    if (share > 0 && share < 0.001) {
      return "< 0.1 %";
    }
    if (share < 1 && share > 0.999) {
      return "> 99.9 %";
    }
    return String.format(
        Locale.ROOT, share == 0 || share == 1 ? "%.0f %%" : "%.1f %%", 100 * share);
  }

  /** A number with about five significant digits. */
  static String number(double value) {
    double size = Math.abs(value);
    String text;
    if (value == Math.rint(value) && size < 1e9) {
      text = String.format(Locale.ROOT, "%,d", (long) value);
    } else if (size >= 1e9 || size < 1e-3) {
      text = String.format(Locale.ROOT, "%.3g", value);
    } else {
      int decimals = size >= 10_000 ? 0 : size >= 1000 ? 1 : size >= 10 ? 2 : 4;
      text = String.format(Locale.ROOT, "%,." + decimals + "f", value);
      if (decimals == 4) {
        text = text.replaceAll("(\\.\\d*?)0+$", "$1").replaceAll("\\.$", "");
      }
    }
    return text.replace('-', '−');
  }

  /** A value of a column that holds numbers, days or timestamps. */
  static String value(ColumnType type, double value) {
    return switch (type.kind()) {
      case DATE -> LocalDate.ofEpochDay((long) Math.floor(value)).toString();
      case TIMESTAMP, TIMESTAMP_NTZ ->
          Instant.ofEpochSecond((long) Math.floor(value / 1e6))
              .atOffset(ZoneOffset.UTC)
              .format(MINUTES);
      default -> number(value);
    };
  }
}
