package io.hdl.tracking;

import com.google.common.hash.Hashing;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.json.Json;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.run.RunRecord;
import io.hdl.tracking.outbox.Item;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a job's facts look like in MLflow. */
final class RunItems {
  private static final int LONGEST_DATASET_NAME = 500;

  /** What MLflow calls the facts of a run's software. */
  private static final Map<String, String> MLFLOW_NAMES =
      Map.of(
          "git.commit", "mlflow.source.git.commit",
          "git.branch", "mlflow.source.git.branch",
          "git.dirty", "mlflow.source.git.dirty",
          "image", "mlflow.docker.image.id");

  private RunItems() {}

  /** Who runs what: user, program, revision of the program, image, job. */
  static Map<String, String> openingTags(RunRecord run) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("mlflow.user", System.getProperty("user.name", "unknown"));
    tags.put("mlflow.source.name", program().orElse(run.job()));
    tags.put("mlflow.source.type", "LOCAL");
    Map<String, String> software = run.provenance().software();
    MLFLOW_NAMES.forEach(
        (fact, tag) -> {
          @Nullable String value = software.get(fact);
          if (value != null) {
            tags.put(tag, value);
          }
        });
    tags.put("hdl.job", run.job());
    tags.put("hdl.run", run.runId());
    return tags;
  }

  /** The main class or the jar that was started; its arguments may hold anything. */
  private static Optional<String> program() {
    String command = System.getProperty("sun.java.command", "");
    int end = command.indexOf(' ');
    String first = end < 0 ? command : command.substring(0, end);
    return first.isBlank() ? Optional.empty() : Optional.of(first);
  }

  static Map<String, String> gateTags(GateDecision gate) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("hdl.gate", gate.verdict().name());
    if (!gate.reasons().isEmpty()) {
      tags.put("hdl.gate.reasons", String.join("\n", gate.reasons()));
    }
    return tags;
  }

  /**
   * The table at its version. The digest tells two versions, tables or selections of columns apart;
   * it is no checksum of the rows.
   */
  static Item.Input input(DataProvenance data) {
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("path", data.uri());
    source.put("delta_table_version", data.version());
    source.put("delta_table_id", data.tableId());

    Map<String, Object> profile = new LinkedHashMap<>();
    profile.put("num_rows", data.rows());
    profile.put("num_files", data.files());
    profile.put("committed", data.timestamp());
    profile.put("columns", data.columns());
    profile.put("specification", data.specification());

    String identity =
        String.join("\n", data.tableId(), data.uri(), String.join("\n", data.columns()))
            + data.specification();
    String hash = Hashing.sha256().hashString(identity, StandardCharsets.UTF_8).toString();
    String name = data.name().isBlank() ? "table" : data.name();
    return new Item.Input(
        name.length() > LONGEST_DATASET_NAME ? name.substring(0, LONGEST_DATASET_NAME) : name,
        "v" + data.version() + "-" + hash.substring(0, 12),
        "delta_table",
        Json.write(source),
        Json.write(profile),
        Map.of("mlflow.data.context", "training"));
  }
}
