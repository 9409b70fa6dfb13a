package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.TrackedModel;
import io.hdl.core.job.TrackedRun;
import io.hdl.tracking.StoredRun.Dataset;
import io.hdl.tracking.StoredRun.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that a job may report, once, and what has to be there afterwards. */
final class FullRun {
  private static final Map<String, String> PARAMS =
      Map.of(
          "model",
          "n-hits",
          "empty",
          "",
          "source/uri",
          "abfss://c@a.dfs.core.windows.net/x",
          "größe",
          "Ünïcode 🚀 单位",
          "lines",
          "a\nb",
          "k".repeat(250),
          "v".repeat(6000));

  private FullRun() {}

  static void report(TrackedRun run, Path folder) throws IOException {
    Files.createDirectories(folder.resolve("model/weights"));
    Files.writeString(folder.resolve("model/weights/w 1.bin"), "weights ü");
    Files.writeString(folder.resolve("model/config.json"), "{}");
    Files.writeString(folder.resolve("report.html"), "<html>ü</html>");
    run.params(PARAMS);
    run.tags(PARAMS);
    run.tags(Map.of("changed", "1"));
    run.tags(Map.of("changed", "2"));
    run.input(TrackedRunContract.data(17));
    for (int epoch = 1; epoch <= 20; epoch++) {
      run.metric("train_loss", 1.0 / epoch, epoch);
      run.metric("validation/größe", 2.0 / epoch, epoch);
    }
    run.metric("odd", Double.NaN, 1);
    run.metric("odd", Double.POSITIVE_INFINITY, 2);
    run.metric("odd", Double.NEGATIVE_INFINITY, 3);
    run.metric("odd", 4, 4);
    run.artifact(new Artifact(Artifact.Kind.REPORT, "report.html", folder.resolve("report.html")));
    run.model(
        new TrackedModel(
            new Artifact(Artifact.Kind.MODEL, "model", folder.resolve("model")),
            new Evaluation("test", Scores.NONE, Scores.NONE, Map.of(), 1, 1),
            new GateDecision(GateDecision.Verdict.PASSED, List.of("beats naive")),
            Optional.empty()));
  }

  /** Compares item by item. */
  static void assertComplete(StoredRun stored, double kept) {
    assertThat(stored.params()).containsExactlyInAnyOrderEntriesOf(PARAMS);
    assertThat(stored.tags())
        .containsAllEntriesOf(PARAMS)
        .containsEntry("changed", "2")
        .containsEntry("hdl.gate", "PASSED")
        .containsEntry("hdl.model.path", "model");
    assertThat(stored.metrics().keySet())
        .containsExactlyInAnyOrder("train_loss", "validation/größe", "odd");
    assertThat(stored.points("train_loss")).hasSize(20);
    for (int epoch = 1; epoch <= 20; epoch++) {
      assertThat(stored.points("train_loss").get(epoch - 1))
          .isEqualTo(new Point(1.0 / epoch, epoch));
      assertThat(stored.points("validation/größe").get(epoch - 1))
          .isEqualTo(new Point(2.0 / epoch, epoch));
    }
    assertThat(stored.points("odd"))
        .containsExactly(
            new Point(Double.NaN, 1), new Point(kept, 2), new Point(-kept, 3), new Point(4, 4));
    assertThat(stored.inputs()).hasSize(1);
    Dataset input = stored.inputs().iterator().next();
    assertThat(input.sourceType()).isEqualTo("delta_table");
    assertThat(input.name()).isEqualTo("sales \"é\"");
    assertThat(input.source()).contains("\"delta_table_version\":17");
    assertThat(input.context()).isEqualTo("training");
    assertThat(stored.artifacts())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "report.html", "<html>ü</html>",
                "model/config.json", "{}",
                "model/weights/w 1.bin", "weights ü"));
  }
}
