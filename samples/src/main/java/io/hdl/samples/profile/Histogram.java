package io.hdl.samples.profile;

import io.hdl.data.column.ColumnType;
import io.hdl.data.profile.ColumnProfile;
import io.hdl.data.profile.NumberSample;
import io.hdl.train.report.Html;

/**
 * How the values of a column are spread. Bins are equally wide between the outermost values, or,
 * where a few far values would squeeze all others into one bin, between the quantiles at 0.5 and
 * 99.5 percent; what lies beyond is counted in the outermost bins.
 */
final class Histogram {
  private static final double WIDTH = 320;
  private static final double HEIGHT = 96;
  private static final double AXIS = 18;
  private static final int BINS = 32;
  private static final double TAIL = 0.005;
  private static final double SQUEEZED = 4;

  private final ColumnType type;
  private final NumberSample sample;
  private final double low;
  private final double high;
  private final int bins;

  private Histogram(ColumnType type, NumberSample sample, double low, double high, int bins) {
    this.type = type;
    this.sample = sample;
    this.low = low;
    this.high = high;
    this.bins = bins;
  }

  static Histogram of(ColumnProfile column, NumberSample sample) {
    ColumnType type = column.type();
    double least = sample.value(0);
    double greatest = sample.value(sample.size() - 1);
    double low = sample.quantile(TAIL);
    double high = sample.quantile(1 - TAIL);
    if (high <= low || greatest - least <= SQUEEZED * (high - low)) {
      low = least;
      high = greatest;
    }
    boolean whole = type.isInteger() || type.kind() == ColumnType.Kind.DATE;
    int bins = BINS;
    if (whole) {
      // Each bin holds equally many whole numbers.
      low = Math.floor(low);
      double wide = Math.max(1, Math.ceil((Math.floor(high) - low + 1) / BINS));
      bins = (int) Math.ceil((Math.floor(high) - low + 1) / wide);
      high = low + bins * wide;
    } else if (high <= low) {
      bins = 1;
      high = Math.nextUp(low);
    }
    return new Histogram(type, sample, low, high, bins);
  }

  private double edge(int bin) {
    return bin == bins ? high : low + (high - low) * bin / bins;
  }

  private long count(int bin) {
    double from = bin == 0 ? Double.NEGATIVE_INFINITY : edge(bin);
    double below = bin == bins - 1 ? Double.POSITIVE_INFINITY : edge(bin + 1);
    // The last bin holds the greatest values too.
    return bin == bins - 1
        ? sample.scaled(sample.size()) - sample.between(Double.NEGATIVE_INFINITY, from)
        : sample.between(from, below);
  }

  private String range(int bin) {
    boolean whole = type.isInteger() || type.kind() == ColumnType.Kind.DATE;
    double from = edge(bin);
    double to = whole ? edge(bin + 1) - 1 : edge(bin + 1);
    String text =
        from == to || (bins == 1 && !whole)
            ? Figures.value(type, from)
            : Figures.value(type, from) + " to " + Figures.value(type, to);
    boolean lower = bin == 0 && sample.value(0) < low;
    boolean upper = bin == bins - 1 && sample.value(sample.size() - 1) > high;
    return text + (lower ? " and below" : "") + (upper ? " and above" : "");
  }

  /** The picture. */
  String svg(String title) {
    long[] counts = new long[bins];
    long most = 1;
    for (int bin = 0; bin < bins; bin++) {
      counts[bin] = count(bin);
      most = Math.max(most, counts[bin]);
    }
    Html svg = new Html();
    svg.format("<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\">", WIDTH, HEIGHT);
    svg.element("title", "", title);
    double wide = WIDTH / Math.max(bins, 4);
    double left = (WIDTH - wide * bins) / 2;
    double floor = HEIGHT - AXIS;
    for (int bin = 0; bin < bins; bin++) {
      double tall = counts[bin] == 0 ? 0 : Math.max(1.5, (floor - 4) * counts[bin] / most);
      double gap = Math.min(2, wide * 0.2);
      svg.format("<g><title>")
          .text(
              range(bin)
                  + ": "
                  + (sample.isComplete() ? "" : "about ")
                  + Figures.count(counts[bin])
                  + (counts[bin] == 1 ? " row" : " rows"))
          .format(
              "</title><rect class=\"hit\" x=\"%.2f\" y=\"0\" width=\"%.2f\" height=\"%.2f\"/>",
              left + bin * wide, wide, floor)
          .format(
              "<rect class=\"bar\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/></g>",
              left + bin * wide + gap / 2, floor - tall, wide - gap, tall);
    }
    svg.format(
        "<line class=\"axis\" x1=\"0\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\"/>", WIDTH, floor, floor);
    boolean one = bins == 1;
    svg.format(
            "<text class=\"tick %s\" x=\"%.0f\" y=\"%.0f\">",
            one ? "middle" : "start", one ? WIDTH / 2 : 0, HEIGHT - 4)
        .text(Figures.value(type, low))
        .raw("</text>");
    if (!one) {
      boolean whole = type.isInteger() || type.kind() == ColumnType.Kind.DATE;
      svg.format("<text class=\"tick end\" x=\"%.0f\" y=\"%.0f\">", WIDTH, HEIGHT - 4)
          .text(
              Figures.value(
                  type, whole ? Math.min(high - 1, sample.value(sample.size() - 1)) : high))
          .raw("</text>");
    }
    return svg + "</svg>";
  }
}
