package io.hdl.train.report;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.provenance.RunProvenance;
import io.hdl.train.evaluate.Baseline;
import io.hdl.train.evaluate.PartErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a report's parts together. */
final class ReportPage {
  private final ReportData data;
  private final String style;
  private final Html page = new Html();
  private final PageParts parts = new PageParts(page);

  ReportPage(ReportData data, String style) {
    this.data = data;
    this.style = style;
  }

  String html() {
    parts.begin(data.title() + " · forecast report", style);
    header();
    Evaluation evaluation = data.backtest().evaluation();
    parts.tiles(evaluation, data.backtest().test(), seasonal());
    parts.accuracy(evaluation, data.gate());
    curves();
    examples();
    training();
    provenance();
    parts.end(data.created().toString());
    return page.toString();
  }

  private @Nullable PartErrors seasonal() {
    return data.backtest().baselines().get(Baseline.SEASONAL_NAIVE);
  }

  private void header() {
    List<String> words = new ArrayList<>();
    if (!data.subtitle().isBlank()) {
      words.add(data.subtitle());
    }
    data.provenance()
        .flatMap(RunProvenance::data)
        .ifPresent(table -> words.add(table.name() + " at version " + table.version()));
    parts.header(data.title(), words, data.gate());
  }

  /** The plots by name. */
  Map<String, String> plots() {
    Map<String, String> plots = new LinkedHashMap<>();
    if (!data.losses().isEmpty()) {
      plots.put("loss", Charts.losses(data.losses()));
    }
    PartErrors test = data.backtest().test();
    plots.put("wape_by_step", Charts.steps(test, seasonal()));
    PageParts.bySeries(test, seasonal()).ifPresent(svg -> plots.put("wape_by_series", svg));
    int number = 1;
    for (ForecastExample example : data.examples()) {
      plots.put("forecast_" + number++, Charts.forecast(example));
    }
    return plots;
  }

  private void curves() {
    page.raw("<section class=\"pair\">");
    if (!data.losses().isEmpty()) {
      page.raw("<div class=\"card\">")
          .element("h2", "", "Loss by epoch")
          .raw("<div class=\"legend\"><span class=\"k-model\">validation</span>")
          .raw("<span class=\"k-muted\">training</span></div>")
          .raw(Charts.losses(data.losses()))
          .raw("</div>");
    }
    parts.steps(data.backtest().test(), seasonal());
    parts.distribution(data.backtest().test(), seasonal());
    quantiles(data.backtest().test());
    page.raw("</section>");
  }

  private void quantiles(PartErrors test) {
    List<PartErrors.QuantileSummary> quantiles = test.quantiles();
    if (quantiles.isEmpty()) {
      return;
    }
    page.raw("<div class=\"card\">")
        .element("h2", "", "Quantiles")
        .raw("<table><thead><tr><th>Quantile</th><th>Labels at or below</th>")
        .raw("<th>Pinball loss</th></tr></thead><tbody>");
    for (PartErrors.QuantileSummary quantile : quantiles) {
      page.raw("<tr>")
          .element("td", "", Numbers.percent(quantile.quantile()))
          .element("td", "", Numbers.percent(quantile.coverage()))
          .element("td", "", Numbers.plain(quantile.pinball()))
          .raw("</tr>");
    }
    page.raw("</tbody></table>")
        .element("p", "note", "Calibrated quantiles have their own share of labels below them.");
    for (PartErrors.IntervalSummary interval : test.intervals()) {
      page.element(
          "p",
          "note",
          Numbers.percent(interval.coverage())
              + " of the labels lie between the quantiles "
              + Numbers.percent(interval.lower())
              + " and "
              + Numbers.percent(interval.upper())
              + ".");
    }
    page.element("p", "note", "CRPS from the quantiles: " + Numbers.plain(test.crps()) + ".")
        .raw("</div>");
  }

  private void training() {
    if (data.facts().isEmpty()) {
      return;
    }
    page.raw("<section class=\"card columns\">").element("h2", "", "Training");
    parts.facts(data.facts());
    page.raw("</section>");
  }

  private void examples() {
    if (data.examples().isEmpty()) {
      return;
    }
    page.raw("<section>")
        .element("h2", "", "Forecasts against what happened")
        .raw("<div class=\"legend\"><span class=\"k-actual\">actual</span>")
        .raw("<span class=\"k-model\">forecast</span>");
    data.examples().stream()
        .flatMap(example -> example.band().stream())
        .findFirst()
        .ifPresent(
            band ->
                page.raw("<span class=\"k-band\">")
                    .text(
                        Numbers.percent(band.lowerQuantile())
                            + " to "
                            + Numbers.percent(band.upperQuantile())
                            + " quantile")
                    .raw("</span>"));
    page.raw("</div><div class=\"plots\">");
    for (ForecastExample example : data.examples()) {
      page.raw("<div class=\"card\">")
          .element("h3", "", example.series())
          .element("p", "", example.reason() + wape(example))
          .raw(Charts.forecast(example))
          .raw("</div>");
    }
    page.raw("</div></section>");
  }

  private static String wape(ForecastExample example) {
    double error = 0;
    double volume = 0;
    for (int i = 0; i < example.forecast().size(); i++) {
      double actual = example.actual().get(example.history() + i);
      if (!Double.isNaN(actual)) {
        error += Math.abs(actual - example.forecast().get(i));
        volume += Math.abs(actual);
      }
    }
    return volume > 0 ? " · WAPE " + Numbers.percent(error / volume) : "";
  }

  private void provenance() {
    if (data.provenance().isEmpty()) {
      return;
    }
    RunProvenance run = data.provenance().get();
    page.raw("<section class=\"card\"><details open><summary>Where this comes from</summary>")
        .raw("<div class=\"pair\"><div>");
    run.data().ifPresent(this::table);
    page.element("h2", "", "Software");
    parts.facts(run.software());
    page.element("h2", "", "Host");
    parts.facts(run.host());
    page.raw("</div><div>").element("h2", "", "Settings");
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("seed", Long.toString(run.seed()));
    settings.putAll(run.settings());
    parts.facts(settings);
    page.raw("</div></div></details></section>");
  }

  private void table(DataProvenance table) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("table", table.uri());
    facts.put("version", table.version() + ", committed " + table.timestamp());
    facts.put("table id", table.tableId());
    facts.put("columns", String.join(", ", table.columns()));
    facts.put(
        "read", String.format(Locale.ROOT, "%,d rows in %,d files", table.rows(), table.files()));
    facts.putAll(table.specification());
    page.element("h2", "", "Data");
    parts.facts(facts);
  }
}
