package io.hdl.samples;

import io.hdl.core.JobResult;
import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Artifact;
import io.hdl.core.provenance.DataProvenance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a demand forecast came to, for people and for programs. */
final class DemandResult {
  private final JobResult<?> job;
  private final ForecastSettings settings;
  private final Optional<Oracle> oracle;
  private final Map<String, Object> training;
  private final Duration total;

  /**
   * The scores of the made-up table's own law.
   *
   * @param expected scores of the expected values
   * @param median scores of the medians
   */
  record Oracle(Scores expected, Scores median) {}

  DemandResult(
      JobResult<?> job,
      ForecastSettings settings,
      Optional<Oracle> oracle,
      Map<String, Object> training,
      Duration total) {
    this.job = job;
    this.settings = settings;
    this.oracle = oracle;
    this.training = training;
    this.total = total;
  }

  /** The share of the WAPE gap between seasonal naive and the expected values that was closed. */
  OptionalDouble gapClosed() {
    Evaluation evaluation = job.evaluation();
    OptionalDouble model = evaluation.model().value("wape");
    OptionalDouble naive =
        evaluation.baselines().getOrDefault("seasonal_naive", Scores.NONE).value("wape");
    OptionalDouble best =
        oracle.map(o -> o.expected().value("wape")).orElse(OptionalDouble.empty());
    if (model.isEmpty() || naive.isEmpty() || best.isEmpty()) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        (naive.getAsDouble() - model.getAsDouble()) / (naive.getAsDouble() - best.getAsDouble()));
  }

  /** The result as nested maps, for JSON. */
  Map<String, Object> json(Optional<Path> forecast) {
    Evaluation evaluation = job.evaluation();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("test", evaluation.model().values());
    json.put("validation", evaluation.validation().values());
    Map<String, Object> baselines = new LinkedHashMap<>();
    evaluation.baselines().forEach((name, scores) -> baselines.put(name, scores.values()));
    json.put("baselines", baselines);
    oracle.ifPresent(
        law -> {
          Map<String, Object> generator = new LinkedHashMap<>();
          generator.put("expected", law.expected().values());
          generator.put("median", law.median().values());
          gapClosed().ifPresent(share -> generator.put("gapClosed", share));
          json.put("generator", generator);
        });
    DataProvenance data = job.provenance().data().orElseThrow();
    json.put("table", data.uri());
    json.put("version", data.version());
    json.put("seed", job.provenance().seed());
    json.put("model", settings.model().name());
    json.put("series", evaluation.series());
    json.put("windows", evaluation.windows());
    json.put("training", training);
    Map<String, Object> timings = new LinkedHashMap<>();
    job.stages().forEach((stage, took) -> timings.put(stage + "Seconds", seconds(took)));
    timings.put("totalSeconds", seconds(total));
    json.put("timings", timings);
    json.put("gate", job.gate().verdict().name());
    json.put("run", job.directory().root().toString());
    artifact(Artifact.Kind.MODEL).ifPresent(path -> json.put("savedModel", path.toString()));
    artifact(Artifact.Kind.REPORT).ifPresent(path -> json.put("report", path.toString()));
    forecast.ifPresent(path -> json.put("forecast", path.toString()));
    job.trackedAt().ifPresent(link -> json.put("trackedAt", link));
    return json;
  }

  /** The scores as a table, the model first. */
  String table() {
    Map<String, Scores> rows = new LinkedHashMap<>();
    rows.put(settings.model().name(), job.evaluation().model());
    job.evaluation()
        .baselines()
        .forEach((name, scores) -> rows.put(name.replace('_', ' '), scores));
    oracle.ifPresent(
        law -> {
          rows.put("expected values", law.expected());
          rows.put("medians", law.median());
        });
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%-16s %8s %10s %10s %9s %8s%n",
            job.evaluation().part(),
            "WAPE",
            "MAE",
            "RMSE",
            "sMAPE %",
            "MASE"));
    rows.forEach(
        (name, scores) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "%-16s %8s %10s %10s %9s %8s%n",
                    name,
                    number(scores, "wape", "%.4f"),
                    number(scores, "mae", "%.3f"),
                    number(scores, "rmse", "%.3f"),
                    number(scores, "smape", "%.2f"),
                    number(scores, "mase", "%.4f"))));
    text.append(
        String.format(
            Locale.ROOT,
            "%,d series, %,d windows",
            job.evaluation().series(),
            job.evaluation().windows()));
    gapClosed()
        .ifPresent(
            share ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "%n%.0f %% of the WAPE gap between seasonal naive and the expected values is"
                            + " closed.",
                        100 * share)));
    return text.toString();
  }

  /** Where everything lies, and how to open it. */
  String places(Optional<Path> forecast) {
    StringBuilder text = new StringBuilder();
    line(text, "run", job.directory().root().toString());
    artifact(Artifact.Kind.MODEL).ifPresent(path -> line(text, "model", path.toString()));
    artifact(Artifact.Kind.REPORT)
        .ifPresent(path -> line(text, "report", path + "  (open it in a browser)"));
    forecast.ifPresent(path -> line(text, "forecast", path.toString()));
    job.trackedAt()
        .ifPresent(
            link -> {
              line(text, "tracked", link);
              localStore(link)
                  .ifPresent(
                      store ->
                          line(
                              text,
                              "",
                              "MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri "
                                  + store));
            });
    return text.toString().stripTrailing();
  }

  private Optional<Path> artifact(Artifact.Kind kind) {
    return job.artifacts().stream()
        .filter(artifact -> artifact.kind() == kind)
        .map(Artifact::file)
        .findFirst();
  }

  /** The directory of all runs if the link is a path of a run in it, {@code mlruns/1/abc}. */
  private static Optional<Path> localStore(String link) {
    if (link.startsWith("http:") || link.startsWith("https:")) {
      return Optional.empty();
    }
    Path path = Path.of(link.startsWith("file:") ? java.net.URI.create(link).getPath() : link);
    for (Path up = path; up != null; up = up.getParent()) {
      if (up.endsWith("mlruns")) {
        return Optional.of(up);
      }
    }
    return Optional.ofNullable(path.getParent()).map(Path::getParent);
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-9s %s%n", name, value));
  }

  private static String number(Scores scores, String metric, String format) {
    OptionalDouble value = scores.value(metric);
    return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble()) : "-";
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
