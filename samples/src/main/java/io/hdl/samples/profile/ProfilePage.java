package io.hdl.samples.profile;

import io.hdl.data.filter.Filter;
import io.hdl.data.profile.ColumnProfile;
import io.hdl.data.profile.DistinctCount;
import io.hdl.data.profile.NumberSample;
import io.hdl.data.profile.TableProfile;
import io.hdl.data.profile.ValueCount;
import io.hdl.train.report.Html;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A table's profile as one self-contained HTML page: no scripts, nothing from a network. */
public final class ProfilePage {
  private static final int TOP_VALUES = 7;

  private final TableProfile profile;
  private final Html page = new Html();

  private ProfilePage(TableProfile profile) {
    this.profile = profile;
  }

  /** The page. */
  public static String html(TableProfile profile) {
    return new ProfilePage(profile).write();
  }

  private static String style() {
    try (InputStream css = ProfilePage.class.getResourceAsStream("profile.css")) {
      return new String(Objects.requireNonNull(css).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String name() {
    String path = profile.uri().replaceAll("/+$", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private String write() {
    page.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .element("title", "", name() + " · table profile")
        .raw("<style>\n" + style() + "</style></head><body><main>");
    page.raw("<header>")
        .element("h1", "", name())
        .element(
            "p",
            "sub",
            profile.uri()
                + " · version "
                + profile.version()
                + " · committed "
                + profile.timestamp()
                + (profile.where().equals(Filter.all()) ? "" : " · where " + profile.where()))
        .raw("</header>");
    tiles();
    overview();
    page.raw("<section><h2>Columns</h2><div class=\"cards\">");
    profile.columns().stream().filter(ColumnProfile::isRead).forEach(this::card);
    page.raw("</div></section>");
    profile.series().ifPresent(gaps -> page.raw(GapStrips.section(gaps)));
    page.raw("<footer>")
        .text("Counts, ranges, means and nulls are exact; a count of distinct values marked ")
        .text("“about” has a standard error of 0.8 %. Distributions of more than 32,768 rows ")
        .text("come from a uniform sample of as many. Times are UTC.")
        .raw("</footer></main></body></html>\n");
    return page.toString();
  }

  private void tiles() {
    List<ColumnProfile> read = profile.columns().stream().filter(ColumnProfile::isRead).toList();
    long withNulls = read.stream().filter(column -> column.nulls() > 0).count();
    long constant =
        read.stream()
            .filter(column -> column.distinct().orElseThrow().count() <= 1)
            .filter(column -> profile.rows() > 0)
            .count();
    int notRead = profile.columns().size() - read.size();
    page.raw("<div class=\"tiles\">");
    tile("Rows", Figures.count(profile.rows()), "deleted ones left out");
    tile(
        "Columns",
        Figures.count(profile.columns().size()),
        notRead == 0 ? "all read" : notRead + " not read");
    tile("With nulls", Figures.count(withNulls), "columns");
    tile("Constant", Figures.count(constant), "columns with one value or none");
    page.raw("</div>");
  }

  private void tile(String label, String value, String note) {
    page.raw("<div class=\"card tile\">")
        .element("div", "label", label)
        .element("div", "value", value)
        .element("div", "note", note)
        .raw("</div>");
  }

  private void overview() {
    page.raw("<section class=\"card\"><h2>At a glance</h2><div class=\"scroll\"><table><thead>")
        .raw("<tr><th>Column</th><th>Type</th><th>Nulls</th><th>Distinct</th><th>Min</th>")
        .raw("<th>Mean</th><th>Max</th></tr></thead><tbody>");
    for (ColumnProfile column : profile.columns()) {
      page.raw("<tr>")
          .element("td", "name", column.name())
          .element("td", "type", shortened(column.type().toString(), 40));
      if (column.isRead()) {
        Map<String, Object> summary = column.summary();
        page.element("td", "", column.nulls() == 0 ? "0" : nullShare(column))
            .element("td", "", distinct(column))
            .element("td", "", entry(summary.get("min")))
            .element("td", "", entry(summary.get("mean")))
            .element("td", "", entry(summary.get("max")));
      } else {
        page.raw("<td class=\"aside\" colspan=\"5\">not read</td>");
      }
      page.raw("</tr>");
    }
    page.raw("</tbody></table></div></section>");
  }

  private String nullShare(ColumnProfile column) {
    return Figures.percent((double) column.nulls() / profile.rows());
  }

  private static String distinct(ColumnProfile column) {
    DistinctCount distinct = column.distinct().orElseThrow();
    return (distinct.exact() ? "" : "about ") + Figures.count(distinct.count());
  }

  private static String entry(@Nullable Object value) {
    if (value == null) {
      return "–";
    }
    if (value instanceof Double number) {
      return Figures.number(number);
    }
    if (value instanceof Long number) {
      return Figures.count(number).replace('-', '−');
    }
    return shortened(value.toString(), 28);
  }

  private static String shortened(String text, int length) {
    if (text.isEmpty()) {
      return "“”";
    }
    return text.codePointCount(0, text.length()) <= length
        ? text
        : text.substring(0, text.offsetByCodePoints(0, length - 1)) + "…";
  }

  private void card(ColumnProfile column) {
    page.raw("<article class=\"card\"><div class=\"head\">")
        .element("h3", "", column.name())
        .element("span", "kind", shortened(column.type().toString(), 28))
        .raw("</div>");
    nulls(column);
    if (column.sample().isPresent() && column.sample().get().size() > 0) {
      numbers(column, column.sample().get());
    } else if (!column.topValues().isEmpty()) {
      top(column);
    } else {
      page.element("p", "empty", column.nulls() < profile.rows() ? "Bytes." : "No values.");
    }
    page.raw("</article>");
  }

  private void nulls(ColumnProfile column) {
    double share = profile.rows() == 0 ? 0 : (double) column.nulls() / profile.rows();
    page.format(
            "<div class=\"fill\" title=\"share of rows with a value\"><i style=\"width:%.2f%%\"></i>"
                + "</div><p class=\"facts\">",
            profile.rows() == 0 ? 0 : 100 * (1 - share))
        .text(
            (column.nulls() == 0 ? "no nulls" : nullShare(column) + " null")
                + " · "
                + distinct(column)
                + " distinct")
        .raw("</p>");
  }

  private void numbers(ColumnProfile column, NumberSample sample) {
    page.raw(Histogram.of(column, sample).svg("Distribution of " + column.name()));
    page.raw("<p class=\"facts\">")
        .text(
            "median "
                + Figures.value(column.type(), sample.quantile(0.5))
                + " · nine in ten from "
                + Figures.value(column.type(), sample.quantile(0.05))
                + " to "
                + Figures.value(column.type(), sample.quantile(0.95)));
    for (String odd : List.of("nan", "posInf", "negInf")) {
      if (column.summary().get(odd) instanceof Long count && count > 0) {
        page.text(" · " + Figures.count(count) + " " + words(odd));
      }
    }
    page.raw("</p>");
  }

  private static String words(String odd) {
    return switch (odd) {
      case "nan" -> "NaN";
      case "posInf" -> "∞";
      default -> "−∞";
    };
  }

  private void top(ColumnProfile column) {
    long values = profile.rows() - column.nulls();
    List<ValueCount> top =
        column.topValues().subList(0, Math.min(TOP_VALUES, column.topValues().size()));
    long most = top.get(0).count();
    if (most <= 1 && values > 1) {
      page.element("p", "empty", "Every value occurs once, for instance:");
    }
    page.raw("<div class=\"tops\">");
    long shown = 0;
    for (ValueCount value : top) {
      shown += value.count();
      page.raw("<span class=\"label\">")
          .text(shortened(value.value(), 60))
          .format(
              "</span><span class=\"track\"><i style=\"width:%.2f%%\"></i></span>",
              100.0 * value.count() / Math.max(1, most))
          .raw("<span class=\"share\">")
          .text(Figures.percent((double) value.count() / Math.max(1, values)))
          .raw("</span>");
    }
    page.raw("</div>");
    if (shown < values) {
      page.element(
          "p",
          "facts",
          (column.topValuesExact() ? "" : "from a sample · ")
              + Figures.percent((double) (values - shown) / values)
              + " other values");
    }
  }
}
