package io.hdl.train.report;

import java.util.Locale;

/** Numbers as people read them: about four significant digits, an en dash for what is undefined. */
final class Numbers {
  private static final String UNDEFINED = "–";

  private Numbers() {}

  /** A value in its own unit. */
  static String plain(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? UNDEFINED : value > 0 ? "∞" : "−∞";
    }
    double size = Math.abs(value);
    String text;
    if (size == 0) {
      return "0";
    } else if (size >= 1e9 || size < 1e-4) {
      text = String.format(Locale.ROOT, "%.3g", value);
    } else if (size >= 1000) {
      text = String.format(Locale.ROOT, "%,.0f", value);
    } else if (size >= 100) {
      text = String.format(Locale.ROOT, "%.1f", value);
    } else if (size >= 10) {
      text = String.format(Locale.ROOT, "%.2f", value);
    } else {
      text = String.format(Locale.ROOT, "%.4f", value);
    }
    return text.replace('-', '−');
  }

  /** A fraction in percent. */
  static String percent(double fraction) {
    return Double.isFinite(fraction)
        ? String.format(Locale.ROOT, "%.1f %%", 100 * fraction).replace('-', '−')
        : UNDEFINED;
  }

  /** The label of an axis tick: short. */
  static String tick(double value, double step) {
    double size = Math.abs(value);
    if (size >= 1e6) {
      return trim(value / 1e6, step / 1e6) + "M";
    }
    if (size >= 10_000) {
      return trim(value / 1e3, step / 1e3) + "k";
    }
    return trim(value, step);
  }

  private static String trim(double value, double step) {
    if (value == 0) {
      return "0";
    }
    int decimals = (int) Math.max(0, Math.min(6, Math.ceil(-Math.log10(step) - 1e-9)));
    // 2.5 as a step needs one decimal more than its magnitude says.
    double scaled = step * Math.pow(10, decimals);
    if (decimals < 6 && Math.abs(scaled - Math.rint(scaled)) > 1e-6) {
      decimals++;
    }
    return String.format(Locale.ROOT, "%,." + decimals + "f", value).replace('-', '−');
  }
}
