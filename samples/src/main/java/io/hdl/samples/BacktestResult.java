package io.hdl.samples;

import io.hdl.core.evaluation.Scores;
import io.hdl.core.provenance.DataProvenance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a {@link Backtest} found, for people and for programs.
 *
 * @param chosen the candidate that is best on validation
 * @param validation the candidates' scores on validation
 * @param test the candidates' scores on test
 * @param baselines the baselines' scores on test
 * @param windows number of windows scored
 * @param series number of series scored
 */
record BacktestResult(
    BacktestSettings settings,
    DataProvenance data,
    List<TrainedMember> trained,
    String chosen,
    Map<String, Scores> validation,
    Map<String, Scores> test,
    Map<String, Scores> baselines,
    long windows,
    long series,
    double seconds) {
  private static final Map<String, String> COLUMNS = columns();

  private static Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("wape", "%.4f");
    columns.put("mae", "%.4f");
    columns.put("mse", "%.5g");
    columns.put("rmse", "%.4f");
    columns.put("smape", "%.3f");
    columns.put("mase", "%.4f");
    columns.put("pinball", "%.4f");
    columns.put("owa", "%.4f");
    return columns;
  }

  /** Names of the metrics that there may be. */
  static List<String> metrics() {
    return List.copyOf(COLUMNS.keySet());
  }

  /** The result as nested maps, for JSON. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("chosen", chosen);
    json.put("metric", settings.metric());
    json.put("test", test.getOrDefault(chosen, Scores.NONE).values());
    json.put("validation", validation.getOrDefault(chosen, Scores.NONE).values());
    Map<String, Object> models = new LinkedHashMap<>();
    for (Candidate candidate : settings.candidates()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("definition", candidate.definition());
      one.put("combine", candidate.combination().name().toLowerCase(Locale.ROOT));
      one.put("test", test.getOrDefault(candidate.name(), Scores.NONE).values());
      one.put("validation", validation.getOrDefault(candidate.name(), Scores.NONE).values());
      one.put(
          "trained",
          trained.stream()
              .filter(member -> member.candidate().equals(candidate.name()))
              .map(TrainedMember::json)
              .toList());
      models.put(candidate.name(), one);
    }
    json.put("models", models);
    Map<String, Object> others = new LinkedHashMap<>();
    baselines.forEach((name, scores) -> others.put(name, scores.values()));
    json.put("baselines", others);
    json.put("report", settings.report().name());
    json.put("table", data.uri());
    json.put("version", data.version());
    json.put("split", settings.split().settings());
    json.put("horizon", settings.common().horizon());
    json.put("season", settings.common().season());
    json.put("series", series);
    json.put("windows", windows);
    json.put("refit", settings.refit());
    json.put("totalSeconds", seconds);
    return json;
  }

  /** The scores as a table: candidates, then baselines; the chosen one is marked. */
  String table() {
    Map<String, Scores> rows = new LinkedHashMap<>();
    test.forEach((name, scores) -> rows.put(name.equals(chosen) ? "* " + name : name, scores));
    baselines.forEach((name, scores) -> rows.put(name.replace('_', ' '), scores));
    String about =
        String.format(
            Locale.ROOT,
            "%,d series, %,d windows%s; * is the best by %s on validation: %s.",
            series,
            windows,
            settings.report() == BacktestOptions.Report.scaled ? ", errors scaled" : "",
            settings.metric(),
            chosen);
    return table("test", rows) + about;
  }

  /** Rows of scores under a heading. */
  static String table(String heading, Map<String, Scores> rows) {
    int width = Math.max(16, rows.keySet().stream().mapToInt(String::length).max().orElse(0));
    List<String> metrics =
        COLUMNS.keySet().stream()
            .filter(metric -> rows.values().stream().anyMatch(s -> s.value(metric).isPresent()))
            .toList();
    StringBuilder text = new StringBuilder(String.format("%-" + width + "s", heading));
    for (String metric : metrics) {
      text.append(String.format(" %11s", metric.equals("smape") ? "sMAPE %" : label(metric)));
    }
    rows.forEach(
        (name, scores) -> {
          text.append(String.format("%n%-" + width + "s", name));
          for (String metric : metrics) {
            OptionalDouble value = scores.value(metric);
            text.append(
                String.format(
                    " %11s",
                    value.isPresent()
                        ? String.format(Locale.ROOT, COLUMNS.get(metric), value.getAsDouble())
                        : "-"));
          }
        });
    return text.append(System.lineSeparator()).toString();
  }

  private static String label(String metric) {
    return metric.toUpperCase(Locale.ROOT);
  }
}
