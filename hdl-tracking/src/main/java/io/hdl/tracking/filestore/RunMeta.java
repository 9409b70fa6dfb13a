package io.hdl.tracking.filestore;

import io.hdl.core.error.HdlException;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.RunStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The {@code meta.yaml} of a run. What others wrote into it stays. */
final class RunMeta {
  private static final int RUNNING = 1;
  private static final int FINISHED = 3;
  private static final int FAILED = 4;
  private static final int KILLED = 5;
  private static final int SOURCE_LOCAL = 4;
  private static final Optional<?> NULL = Optional.empty();

  private final Path folder;
  private final Path file;

  RunMeta(Path folder) {
    this.folder = folder;
    this.file = folder.resolve("meta.yaml");
  }

  boolean exists() {
    return Files.isRegularFile(file);
  }

  /** Writes it for a run that begins. */
  void create(RunStart run, String experimentId) {
    Map<String, Object> meta = new LinkedHashMap<>();
    meta.put("artifact_uri", folder.resolve("artifacts").toUri().toString().replaceFirst("/$", ""));
    meta.put("deleted_time", NULL);
    meta.put("end_time", NULL);
    meta.put("entry_point_name", "");
    meta.put("experiment_id", experimentId);
    meta.put("lifecycle_stage", "active");
    meta.put("run_id", run.key());
    meta.put("run_name", run.name());
    meta.put("run_uuid", run.key());
    meta.put("source_name", "");
    meta.put("source_type", SOURCE_LOCAL);
    meta.put("source_version", "");
    meta.put("start_time", run.start());
    meta.put("status", RUNNING);
    meta.put("tags", List.of());
    meta.put("user_id", run.user());
    AtomicPublish.text(file, Yaml.write(meta));
  }

  /** Sets the run to running. */
  void running() throws IOException {
    change(Map.of("status", RUNNING, "end_time", NULL));
  }

  void end(Item.End end) throws IOException {
    int status =
        switch (end.status()) {
          case FINISHED -> FINISHED;
          case FAILED -> FAILED;
          case KILLED -> KILLED;
        };
    change(Map.of("status", status, "end_time", end.time()));
  }

  /** Marks the run as deleted, as MLflow does: nothing of it is removed. */
  void delete(long now) throws IOException {
    change(Map.of("lifecycle_stage", "deleted", "deleted_time", now));
  }

  void restore() throws IOException {
    change(Map.of("lifecycle_stage", "active", "deleted_time", NULL));
  }

  boolean isDeleted() throws IOException {
    return "deleted".equals(read().get("lifecycle_stage"));
  }

  /** The run's end, if it is over. */
  static Optional<Item.End> endOf(Map<String, String> meta) {
    Optional<Item.EndStatus> status =
        switch (meta.getOrDefault("status", "")) {
          case "3", "FINISHED" -> Optional.of(Item.EndStatus.FINISHED);
          case "4", "FAILED" -> Optional.of(Item.EndStatus.FAILED);
          case "5", "KILLED" -> Optional.of(Item.EndStatus.KILLED);
          default -> Optional.empty();
        };
    long time = time(meta.get("end_time"), time(meta.get("start_time"), 0));
    return status.map(known -> new Item.End(known, time));
  }

  static long time(@Nullable String text, long otherwise) {
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private void change(Map<String, Object> values) throws IOException {
    AtomicPublish.text(file, Yaml.with(Files.readString(file), values));
  }

  /**
   * Its scalars.
   *
   * @throws HdlException if somebody spoilt it
   */
  Map<String, String> read() throws IOException {
    return Yaml.read(Files.readString(file), file.toString());
  }
}
