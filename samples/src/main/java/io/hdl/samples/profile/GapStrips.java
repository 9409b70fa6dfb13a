package io.hdl.samples.profile;

import io.hdl.data.profile.SeriesGaps;
import io.hdl.train.report.Html;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Shows for which times the series have rows: one strip per series, time from left to right. */
final class GapStrips {
  private static final int SHOWN = 40;
  private static final int BINS = 160;
  private static final int LEVELS = 4;

  private final SeriesGaps gaps;
  private final int bins;
  private final Html page = new Html();

  private GapStrips(SeriesGaps gaps) {
    this.gaps = gaps;
    this.bins = Math.min(BINS, gaps.times());
  }

  static String section(SeriesGaps gaps) {
    GapStrips strips = new GapStrips(gaps);
    strips.write();
    return strips.page.toString();
  }

  private void write() {
    Map<String, Object> summary = gaps.summary();
    page.raw("<section class=\"card\">")
        .element(
            "h2",
            "",
            "Gaps of the series by " + String.join(", ", gaps.keys()) + " over " + gaps.time());
    page.raw("<div class=\"tiles\">");
    tile("Series", number(summary, "series"), number(summary, "times") + " different times");
    tile(
        "Without gaps",
        number(summary, "seriesWithoutGaps"),
        number(summary, "seriesWithAllTimes") + " have a row for every time");
    tile(
        "Gaps",
        number(summary, "gaps"),
        number(summary, "missingTimes")
            + " rows missing, at most "
            + number(summary, "longestGap")
            + " in a row");
    tile(
        "Duplicates",
        number(summary, "duplicateRows"),
        "rows with the key and time of another; "
            + number(summary, "rowsWithoutKeyOrTime")
            + " without key or time");
    page.raw("</div>");
    if (gaps.times() > 0) {
      page.raw("<div class=\"legend\"><span class=\"k-there\">row there</span>")
          .raw("<span class=\"k-gap\">missing between first and last row</span>")
          .raw("<span class=\"k-none\">before the first or after the last row</span></div>");
      page.raw("<div class=\"strips\">");
      overall();
      List<SeriesGaps.Series> shown = shown();
      shown.forEach(this::strip);
      page.raw("<div class=\"strip times\"><span class=\"key\"></span><span class=\"ends\">")
          .element("span", "", gaps.time(0))
          .element("span", "", gaps.time(gaps.times() - 1))
          .raw("</span><span class=\"miss\"></span></div></div>");
      if (shown.size() < gaps.series().size()) {
        page.element(
            "p",
            "note",
            "Shown are the "
                + shown.size()
                + " series with the most missing rows, of "
                + Figures.count(gaps.series().size())
                + ".");
      }
    }
    page.element(
            "p",
            "note",
            "A row counts as missing if its time lies between the first and the last row of its"
                + " series and any series has a row for it.")
        .raw("</section>");
  }

  private static String number(Map<String, Object> summary, String key) {
    return summary.get(key) instanceof Number number ? Figures.count(number.longValue()) : "0";
  }

  private void tile(String label, String value, String note) {
    page.raw("<div class=\"tile\">")
        .element("div", "label", label)
        .element("div", "value", value)
        .element("div", "note", note)
        .raw("</div>");
  }

  private List<SeriesGaps.Series> shown() {
    if (gaps.series().size() <= SHOWN) {
      return gaps.series();
    }
    List<SeriesGaps.Series> worst = new ArrayList<>(gaps.series());
    worst.sort(Comparator.comparingInt(SeriesGaps.Series::missing).reversed());
    return worst.subList(0, SHOWN);
  }

  private int edge(int bin) {
    return (int) ((long) bin * gaps.times() / bins);
  }

  /** All series together: the share of those that have begun and not ended. */
  private void overall() {
    long[] there = new long[bins];
    long[] living = new long[bins];
    for (SeriesGaps.Series series : gaps.series()) {
      for (int bin = 0; bin < bins; bin++) {
        int from = Math.max(edge(bin), series.first());
        int to = Math.min(edge(bin + 1), series.last() + 1);
        if (from < to) {
          there[bin] += series.present(from, to);
          living[bin] += to - from;
        }
      }
    }
    page.raw("<div class=\"strip all\">").element("span", "key", "all series");
    page.format("<svg viewBox=\"0 0 %d 1\" preserveAspectRatio=\"none\" role=\"img\">", bins);
    for (int bin = 0; bin < bins; bin++) {
      double share = living[bin] == 0 ? 0 : (double) there[bin] / living[bin];
      page.raw("<g><title>")
          .text(
              span(bin, bin + 1)
                  + ": "
                  + Figures.count(there[bin])
                  + " of "
                  + Figures.count(living[bin]))
          .format(
              "</title><rect class=\"s0\" x=\"%d\" width=\"1\" height=\"%.3f\"/>", bin, 1 - share)
          .format(
              "<rect class=\"s4\" x=\"%d\" width=\"1\" y=\"%.3f\" height=\"%.3f\"/></g>",
              bin, 1 - share, share);
    }
    page.raw("</svg>").element("span", "miss", "share of rows").raw("</div>");
  }

  private String span(int from, int to) {
    String first = gaps.time(edge(from));
    String last = gaps.time(edge(to) - 1);
    return first.equals(last) ? first : first + " to " + last;
  }

  private void strip(SeriesGaps.Series series) {
    long[] there = new long[bins];
    long[] living = new long[bins];
    for (int bin = 0; bin < bins; bin++) {
      int from = Math.max(edge(bin), series.first());
      int to = Math.min(edge(bin + 1), series.last() + 1);
      if (from < to) {
        there[bin] = series.present(from, to);
        living[bin] = (long) to - from;
      }
    }
    page.raw("<div class=\"strip\">").element("span", "key", String.join(" · ", series.key()));
    cells(there, living);
    page.element(
            "span",
            "miss",
            series.missing() == 0 ? "complete" : Figures.count(series.missing()) + " missing")
        .raw("</div>");
  }

  /** Cells of equal shade are drawn as one. */
  private void cells(long[] there, long[] living) {
    page.format("<svg viewBox=\"0 0 %d 1\" preserveAspectRatio=\"none\" role=\"img\">", bins);
    int bin = 0;
    while (bin < bins) {
      int shade = shade(there[bin], living[bin]);
      int end = bin;
      long rows = 0;
      long expected = 0;
      while (end < bins && shade(there[end], living[end]) == shade) {
        rows += there[end];
        expected += living[end];
        end++;
      }
      if (shade >= 0) {
        page.format(
                "<rect class=\"s%d\" x=\"%d\" width=\"%d\" height=\"1\"><title>",
                shade, bin, end - bin)
            .text(span(bin, end) + ": " + Figures.count(rows) + " of " + Figures.count(expected))
            .raw("</title></rect>");
      }
      bin = end;
    }
    page.raw("</svg>");
  }

  /** 0 for all missing to {@link #LEVELS} for all there; -1 where nothing is expected. */
  private static int shade(long there, long living) {
    if (living == 0) {
      return -1;
    }
    if (there == living) {
      return LEVELS;
    }
    // Neither a single missing row nor a single one there is rounded away.
    return there == 0 ? 0 : (int) Math.max(1, (LEVELS - 1) * there / living);
  }
}
