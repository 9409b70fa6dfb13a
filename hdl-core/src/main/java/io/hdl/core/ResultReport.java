package io.hdl.core;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.TrackedModel;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.job.Trained;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.run.RunRecord;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Hands a result to the tracker: scores, files, and a summary for people. */
final class ResultReport {
  private ResultReport() {}

  static void send(Trained<?> trained, RunRecord record, TrackedRun tracking) {
    Evaluation evaluation = trained.evaluation();
    String part = evaluation.part() + "_";
    evaluation
        .model()
        .values()
        .forEach((metric, value) -> tracking.metric(part + metric, value, 0));
    evaluation
        .validation()
        .values()
        .forEach((metric, value) -> tracking.metric("best_validation_" + metric, value, 0));
    evaluation
        .baselines()
        .forEach(
            (name, scores) ->
                scores
                    .values()
                    .forEach(
                        (metric, value) -> tracking.metric(part + metric + "_" + name, value, 0)));
    for (Artifact artifact : trained.artifacts()) {
      if (artifact.kind() == Artifact.Kind.MODEL) {
        tracking.model(new TrackedModel(artifact, evaluation, trained.gate(), trained.loader()));
      } else {
        tracking.artifact(artifact);
      }
    }
    tracking.summary(summary(trained, record));
  }

  /** Scores beside the baselines', the gate's verdict and the data, in Markdown. */
  static String summary(Trained<?> trained, RunRecord record) {
    Evaluation evaluation = trained.evaluation();
    StringBuilder text = new StringBuilder();
    Map<String, Scores> columns = new LinkedHashMap<>();
    columns.put("model", evaluation.model());
    columns.putAll(evaluation.baselines());
    if (!evaluation.model().values().isEmpty()) {
      text.append("| ").append(evaluation.part());
      columns.keySet().forEach(name -> text.append(" | ").append(name));
      text.append(" |\n|---").append("|---:".repeat(columns.size())).append("|\n");
      for (String metric : evaluation.model().values().keySet()) {
        text.append("| ").append(metric);
        columns.values().forEach(scores -> text.append(" | ").append(cell(scores, metric)));
        text.append(" |\n");
      }
      text.append('\n')
          .append(
              String.format(
                  Locale.ROOT,
                  "%,d series, %,d windows.\n\n",
                  evaluation.series(),
                  evaluation.windows()));
    }
    GateDecision gate = trained.gate();
    text.append("**Gate: ").append(words(gate)).append("**");
    gate.reasons().forEach(reason -> text.append("\n- ").append(reason));
    record.provenance().data().ifPresent(data -> text.append("\n\n").append(source(data)));
    return text.append('\n').toString();
  }

  private static String cell(Scores scores, String metric) {
    var value = scores.value(metric);
    return value.isPresent() ? String.format(Locale.ROOT, "%.4g", value.getAsDouble()) : "";
  }

  private static String words(GateDecision gate) {
    return gate.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String source(DataProvenance data) {
    return String.format(
        Locale.ROOT,
        "Data: `%s` at version %d (%,d rows).",
        data.uri().replace("`", "'"),
        data.version(),
        data.rows());
  }
}
