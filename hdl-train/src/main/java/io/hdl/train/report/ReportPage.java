package io.hdl.train.report;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.provenance.RunProvenance;
import io.hdl.train.evaluate.Baseline;
import io.hdl.train.evaluate.PartErrors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** Puts a report's parts together. */
final class ReportPage {
  private final ReportData data;
  private final String style;
  private final Html page = new Html();

  ReportPage(ReportData data, String style) {
    this.data = data;
    this.style = style;
  }

  String html() {
    page.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .element("title", "", data.title() + " · forecast report")
        .raw("<style>\n" + style + "</style></head><body><main>");
    header();
    tiles();
    metrics();
    curves();
    examples();
    training();
    provenance();
    page.raw("<footer>")
        .text("Made on " + data.created() + ". WAPE = sum of absolute errors / sum of absolute ")
        .text("values; sMAPE in percent, 0 to 200; MASE: mean absolute error relative to the ")
        .text("seasonal naive step within the history before the part.")
        .raw("</footer></main></body></html>\n");
    return page.toString();
  }

  private void header() {
    String verdict = data.gate().verdict().name().toLowerCase(Locale.ROOT);
    page.raw("<header><div>").element("h1", "", data.title());
    List<String> words = new ArrayList<>();
    if (!data.subtitle().isBlank()) {
      words.add(data.subtitle());
    }
    data.provenance()
        .flatMap(RunProvenance::data)
        .ifPresent(table -> words.add(table.name() + " at version " + table.version()));
    page.element("p", "sub", String.join(" · ", words))
        .raw("</div>")
        .element("span", "badge " + verdict, "Quality gate: " + verdict.replace('_', ' '))
        .raw("</header>");
  }

  private void tiles() {
    Evaluation evaluation = data.backtest().evaluation();
    page.raw("<div class=\"tiles\">");
    OptionalDouble wape = evaluation.model().value("wape");
    tile("WAPE on " + evaluation.part(), percent(wape), against(evaluation));
    tile("MASE", number(evaluation.model().value("mase")), "below 1 beats the seasonal step");
    tile("Better than seasonal naive", Numbers.percent(shareBetter()), "of the series, by WAPE");
    tile(
        "Scored",
        String.format(Locale.ROOT, "%,d series", evaluation.series()),
        String.format(Locale.ROOT, "%,d windows", evaluation.windows()));
    page.raw("</div>");
  }

  private void tile(String label, String value, String note) {
    page.raw("<div class=\"card tile\">")
        .element("div", "label", label)
        .element("div", "value", value)
        .element("div", "note", note)
        .raw("</div>");
  }

  private static String against(Evaluation evaluation) {
    OptionalDouble model = evaluation.model().value("wape");
    OptionalDouble seasonal =
        evaluation.baselines().getOrDefault(Baseline.SEASONAL_NAIVE, Scores.NONE).value("wape");
    if (model.isEmpty() || seasonal.isEmpty() || seasonal.getAsDouble() == 0) {
      return "";
    }
    double change = model.getAsDouble() / seasonal.getAsDouble() - 1;
    return Numbers.percent(Math.abs(change))
        + (change < 0 ? " below" : " above")
        + " seasonal naive";
  }

  private void metrics() {
    Evaluation evaluation = data.backtest().evaluation();
    Map<String, Scores> rows = new LinkedHashMap<>();
    rows.put("Model", evaluation.model());
    evaluation.baselines().forEach((name, scores) -> rows.put(name.replace('_', ' '), scores));
    Set<String> metrics = new LinkedHashSet<>();
    rows.values().forEach(scores -> metrics.addAll(scores.values().keySet()));
    page.raw("<section class=\"card\">")
        .element("h2", "", "Accuracy on the " + evaluation.part() + " part")
        .raw("<div class=\"scroll\"><table><thead><tr><th></th>");
    metrics.forEach(metric -> page.element("th", "", heading(metric)));
    page.raw("</tr></thead><tbody>");
    rows.forEach(
        (name, scores) -> {
          page.raw("<tr>").element("td", "", name);
          for (String metric : metrics) {
            OptionalDouble value = scores.value(metric);
            boolean best = value.isPresent() && value.getAsDouble() == best(rows, metric);
            page.element("td", best ? "best" : "", number(value));
          }
          page.raw("</tr>");
        });
    if (!evaluation.validation().values().isEmpty()) {
      page.raw("<tr class=\"aside\">").element("td", "", "Model, validation");
      metrics.forEach(
          metric -> page.element("td", "", number(evaluation.validation().value(metric))));
      page.raw("</tr>");
    }
    page.raw("</tbody></table></div>")
        .element("p", "note", "Lower is better. The best of each column is set in bold.")
        .raw("<ul>");
    data.gate().reasons().forEach(reason -> page.element("li", "", reason));
    page.raw("</ul></section>");
  }

  private static double best(Map<String, Scores> rows, String metric) {
    return rows.values().stream()
        .map(scores -> scores.value(metric))
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .filter(Double::isFinite)
        .min()
        .orElse(Double.NaN);
  }

  private static String heading(String metric) {
    return switch (metric) {
      case "smape" -> "sMAPE (%)";
      case "pinball" -> "Pinball";
      default -> metric.toUpperCase(Locale.ROOT);
    };
  }

  /** The plots by name. */
  Map<String, String> plots() {
    Map<String, String> plots = new LinkedHashMap<>();
    if (!data.losses().isEmpty()) {
      plots.put("loss", Charts.losses(data.losses()));
    }
    plots.put("wape_by_step", Charts.steps(data.backtest()));
    double[] model = byWape(data.backtest().test());
    if (model.length > 0) {
      plots.put("wape_by_series", Charts.distribution(model, baselineByWape()));
    }
    int number = 1;
    for (ForecastExample example : data.examples()) {
      plots.put("forecast_" + number++, Charts.forecast(example));
    }
    return plots;
  }

  private double[] baselineByWape() {
    PartErrors seasonal = data.backtest().baselines().get(Baseline.SEASONAL_NAIVE);
    return seasonal == null ? new double[0] : byWape(seasonal);
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
    page.raw("<div class=\"card\">")
        .element("h2", "", "WAPE by step of the horizon")
        .raw("<div class=\"legend\"><span class=\"k-model\">model</span>")
        .raw("<span class=\"k-baseline\">seasonal naive</span></div>")
        .raw(Charts.steps(data.backtest()))
        .raw("</div>");
    distribution();
    quantiles(data.backtest().test());
    page.raw("</section>");
  }

  private void distribution() {
    double[] model = byWape(data.backtest().test());
    if (model.length == 0) {
      return;
    }
    double[] baseline = baselineByWape();
    double[] sorted = model.clone();
    Arrays.sort(sorted);
    page.raw("<div class=\"card\">")
        .element("h2", "", "Series by their WAPE")
        .raw("<div class=\"legend\"><span class=\"k-model\">model</span>")
        .raw("<span class=\"k-baseline\">seasonal naive</span></div>")
        .raw(Charts.distribution(model, baseline))
        .element(
            "p",
            "note",
            String.format(
                Locale.ROOT,
                "Half of the series are below %s, nine in ten below %s; the last bar holds all"
                    + " above.",
                Numbers.percent(Charts.quantile(sorted, 0.5)),
                Numbers.percent(Charts.quantile(sorted, 0.9))))
        .raw("</div>");
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
    facts(data.facts());
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
    facts(run.software());
    page.element("h2", "", "Host");
    facts(run.host());
    page.raw("</div><div>").element("h2", "", "Settings");
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("seed", Long.toString(run.seed()));
    settings.putAll(run.settings());
    facts(settings);
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
    facts(facts);
  }

  private void facts(Map<String, String> facts) {
    page.raw("<table class=\"facts\"><tbody>");
    facts.forEach(
        (name, value) ->
            page.raw("<tr>").element("td", "", name).element("td", "", value).raw("</tr>"));
    page.raw("</tbody></table>");
  }

  private double shareBetter() {
    PartErrors model = data.backtest().test();
    PartErrors seasonal = data.backtest().baselines().get(Baseline.SEASONAL_NAIVE);
    if (seasonal == null) {
      return Double.NaN;
    }
    int better = 0;
    int judged = 0;
    for (int series = 0; series < model.seriesCount(); series++) {
      double theirs = seasonal.ofSeries(series).wape();
      if (!Double.isNaN(theirs)) {
        judged++;
        if (model.ofSeries(series).wape() < theirs) {
          better++;
        }
      }
    }
    return judged == 0 ? Double.NaN : (double) better / judged;
  }

  private static double[] byWape(PartErrors errors) {
    List<Double> values = new ArrayList<>();
    for (int series = 0; series < errors.seriesCount(); series++) {
      double wape = errors.ofSeries(series).wape();
      if (Double.isFinite(wape)) {
        values.add(wape);
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static String number(OptionalDouble value) {
    return Numbers.plain(value.orElse(Double.NaN));
  }

  private static String percent(OptionalDouble value) {
    return Numbers.percent(value.orElse(Double.NaN));
  }
}
