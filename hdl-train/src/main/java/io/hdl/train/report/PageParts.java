package io.hdl.train.report;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.evaluation.Scores;
import io.hdl.train.evaluate.Baseline;
import io.hdl.train.evaluate.PartErrors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the pages of a training and of a rolling backtest have in common; appends to a page. */
final class PageParts {
  private final Html page;

  PageParts(Html page) {
    this.page = page;
  }

  /** Everything before the header. */
  void begin(String title, String style) {
    page.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .element("title", "", title)
        .raw("<style>\n" + style + "</style></head><body><main>");
  }

  /** Title, a line of words and the quality gate's verdict. */
  void header(String title, List<String> words, GateDecision gate) {
    String verdict = gate.verdict().name().toLowerCase(Locale.ROOT);
    page.raw("<header><div>")
        .element("h1", "", title)
        .element("p", "sub", String.join(" · ", words))
        .raw("</div>")
        .element("span", "badge " + verdict, "Quality gate: " + verdict.replace('_', ' '))
        .raw("</header>");
  }

  /** The figures that are looked at first. */
  void tiles(Evaluation evaluation, PartErrors errors, @Nullable PartErrors seasonal) {
    page.raw("<div class=\"tiles\">");
    OptionalDouble wape = evaluation.model().value("wape");
    tile("WAPE on " + evaluation.part(), percent(wape), against(evaluation));
    tile("MASE", number(evaluation.model().value("mase")), "below 1 beats the seasonal step");
    tile(
        "Better than seasonal naive",
        Numbers.percent(shareBetter(errors, seasonal)),
        "of the series, by WAPE");
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

  /** Scores of model and baselines, and what the quality gate says. */
  void accuracy(Evaluation evaluation, GateDecision gate) {
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
    gate.reasons().forEach(reason -> page.element("li", "", reason));
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

  /** WAPE by step of the horizon. */
  void steps(PartErrors errors, @Nullable PartErrors seasonal) {
    chart("WAPE by step of the horizon", Charts.steps(errors, seasonal));
  }

  /** A picture of model and seasonal naive. */
  void chart(String heading, String svg) {
    page.raw("<div class=\"card\">")
        .element("h2", "", heading)
        .raw("<div class=\"legend\"><span class=\"k-model\">model</span>")
        .raw("<span class=\"k-baseline\">seasonal naive</span></div>")
        .raw(svg)
        .raw("</div>");
  }

  /** A picture of how many series have which WAPE; none if no series has one. */
  static Optional<String> bySeries(PartErrors errors, @Nullable PartErrors seasonal) {
    double[] model = byWape(errors);
    double[] baseline = seasonal == null ? new double[0] : byWape(seasonal);
    return model.length == 0 ? Optional.empty() : Optional.of(Charts.distribution(model, baseline));
  }

  /** The same with its legend. */
  void distribution(PartErrors errors, @Nullable PartErrors seasonal) {
    double[] model = byWape(errors);
    if (model.length == 0) {
      return;
    }
    double[] sorted = model.clone();
    Arrays.sort(sorted);
    page.raw("<div class=\"card\">")
        .element("h2", "", "Series by their WAPE")
        .raw("<div class=\"legend\"><span class=\"k-model\">model</span>")
        .raw("<span class=\"k-baseline\">seasonal naive</span></div>")
        .raw(bySeries(errors, seasonal).orElseThrow())
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

  /** Names and values. */
  void facts(Map<String, String> facts) {
    page.raw("<table class=\"facts\"><tbody>");
    facts.forEach(
        (name, value) ->
            page.raw("<tr>").element("td", "", name).element("td", "", value).raw("</tr>"));
    page.raw("</tbody></table>");
  }

  /** What the words mean, and the end. */
  void end(String created) {
    page.raw("<footer>")
        .text("Made on " + created + ". WAPE = sum of absolute errors / sum of absolute ")
        .text("values; sMAPE in percent, 0 to 200; MASE: mean absolute error relative to the ")
        .text("seasonal naive step within the history before the part.")
        .raw("</footer></main></body></html>\n");
  }

  private static double shareBetter(PartErrors model, @Nullable PartErrors seasonal) {
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

  static String number(OptionalDouble value) {
    return Numbers.plain(value.orElse(Double.NaN));
  }

  static String percent(OptionalDouble value) {
    return Numbers.percent(value.orElse(Double.NaN));
  }
}
