package io.hdl.train.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;

/**
 * An inline SVG plot: a frame with a value axis and a step axis, on which lines, bands, bars and
 * points are drawn. Sizes are in units of the view box, which the page scales to its column.
 */
final class Plot {
  private static final double TOP = 10;
  private static final double BOTTOM = 24;
  private static final double LEFT = 46;
  private static final double RIGHT = 10;

  private final Html svg = new Html();
  private final double width;
  private final double height;
  private final double firstX;
  private final double lastX;
  private final double lowY;
  private final double highY;

  /**
   * A plot with its value axis drawn.
   *
   * @param title read out instead of the picture
   * @param firstX least value on the horizontal axis
   * @param lastX greatest value on the horizontal axis
   * @param low least value to show on the vertical axis
   * @param high greatest value to show on the vertical axis
   */
  Plot(
      String title,
      double width,
      double height,
      double firstX,
      double lastX,
      double low,
      double high) {
    this.width = width;
    this.height = height;
    this.firstX = firstX;
    this.lastX = lastX > firstX ? lastX : firstX + 1;
    double from = Double.isFinite(low) ? low : 0;
    double to = Double.isFinite(high) && high > from ? high : from + Math.max(1, Math.abs(from));
    double step = tickStep(to - from, 4);
    this.lowY = Math.floor(from / step + 1e-9) * step;
    this.highY = Math.ceil(to / step - 1e-9) * step;
    svg.format("<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\">", width, height);
    svg.element("title", "", title);
    for (long i = 0; i <= Math.round((highY - lowY) / step); i++) {
      double value = lowY + i * step;
      svg.format(
          "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
          LEFT, width - RIGHT, y(value), y(value));
      svg.format("<text class=\"tick end\" x=\"%.1f\" y=\"%.1f\">", LEFT - 6, y(value) + 3.5)
          .text(Numbers.tick(Math.abs(value) < step * 1e-9 ? 0 : value, step))
          .raw("</text>");
    }
  }

  /**
   * The step of about {@code count} round ticks over a span: 1, 2, 2.5 or 5 times a power of 10.
   */
  static double tickStep(double span, int count) {
    double rough = span / count;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double factor : new double[] {1, 2, 2.5, 5}) {
      if (rough <= factor * power * (1 + 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  double x(double value) {
    return LEFT + (value - firstX) / (lastX - firstX) * (width - LEFT - RIGHT);
  }

  double y(double value) {
    double clamped = Math.max(lowY, Math.min(highY, value));
    return height - BOTTOM - (clamped - lowY) / (highY - lowY) * (height - TOP - BOTTOM);
  }

  /** Labels below the horizontal axis. */
  Plot labels(List<Double> at, List<String> labels) {
    for (int i = 0; i < at.size(); i++) {
      double x = x(at.get(i));
      String anchor = x > width - 40 ? "end" : x < LEFT + 20 ? "start" : "middle";
      svg.format("<text class=\"tick %s\" x=\"%.1f\" y=\"%.1f\">", anchor, x, height - 7)
          .text(labels.get(i))
          .raw("</text>");
    }
    return this;
  }

  /** A line through points; interrupted where a value is not finite. */
  Plot line(String cssClass, double[] xs, double[] ys) {
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    List<Integer> alone = new ArrayList<>();
    for (int i = 0; i < xs.length; i++) {
      if (!Double.isFinite(ys[i])) {
        pen = false;
        continue;
      }
      boolean next = i + 1 < xs.length && Double.isFinite(ys[i + 1]);
      if (!pen && !next) {
        alone.add(i);
      }
      path.append(String.format(Locale.ROOT, "%s%.1f %.1f", pen ? "L" : "M", x(xs[i]), y(ys[i])));
      pen = true;
    }
    svg.format("<path class=\"line %s\" d=\"%s\"/>", cssClass, path);
    for (int i : alone) {
      svg.format(
          "<circle class=\"dot %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"1.6\"/>",
          cssClass, x(xs[i]), y(ys[i]));
    }
    return this;
  }

  /** Points that show their label when pointed at. */
  Plot points(String cssClass, double[] xs, double[] ys, List<String> labels) {
    for (int i = 0; i < xs.length; i++) {
      if (Double.isFinite(ys[i])) {
        svg.format(
                "<circle class=\"dot %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.6\"><title>",
                cssClass, x(xs[i]), y(ys[i]))
            .text(labels.get(i))
            .raw("</title></circle>");
      }
    }
    return this;
  }

  /** The area between two lines; steps at which either is not finite are left out. */
  Plot band(String cssClass, double[] xs, double[] lower, double[] upper) {
    StringBuilder there = new StringBuilder();
    StringBuilder back = new StringBuilder();
    for (int i = 0; i < xs.length; i++) {
      if (Double.isFinite(lower[i]) && Double.isFinite(upper[i])) {
        there.append(
            String.format(
                Locale.ROOT, "%s%.1f %.1f", there.isEmpty() ? "M" : "L", x(xs[i]), y(upper[i])));
        back.insert(0, String.format(Locale.ROOT, "L%.1f %.1f", x(xs[i]), y(lower[i])));
      }
    }
    svg.format("<path class=\"%s\" d=\"%s%sZ\"/>", cssClass, there, back);
    return this;
  }

  /** A bar from the axis up, between two horizontal values. */
  Plot bar(String cssClass, double fromX, double toX, double value, String label) {
    double left = x(fromX);
    double right = x(toX);
    double gap = Math.min(2, (right - left) * 0.15);
    svg.format(
            "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>",
            cssClass,
            left + gap / 2,
            y(value),
            Math.max(0.5, right - left - gap),
            Math.max(0, y(lowY) - y(value)))
        .text(label)
        .raw("</title></rect>");
    return this;
  }

  /** A vertical mark over the whole height. */
  Plot mark(String cssClass, double at) {
    svg.format(
        "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
        cssClass, x(at), x(at), TOP, height - BOTTOM);
    return this;
  }

  /** A shaded area over the whole height. */
  Plot shade(double fromX, double toX) {
    svg.format(
        "<rect class=\"shade\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
        x(fromX), TOP, x(toX) - x(fromX), height - TOP - BOTTOM);
    return this;
  }

  /** The finished picture. */
  String svg() {
    return svg + "</svg>";
  }

  /**
   * A plot as a file of its own: SVG 1.1 with the page's style inside.
   *
   * @param svg what {@link #svg} gave
   */
  static String file(String svg, String style) {
    String within = "><style><![CDATA[\n" + style + "svg { background: var(--card); }\n]]></style>";
    return svg.replaceFirst("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ")
            .replaceFirst(">", Matcher.quoteReplacement(within))
        + "\n";
  }
}
