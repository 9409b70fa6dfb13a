package io.hdl.tracking.filestore;

import io.hdl.core.storage.AtomicPublish;
import io.hdl.tracking.outbox.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The {@code meta.yaml} of a run. */
final class RunMeta {
  private static final int RUNNING = 1;
  private static final int SOURCE_LOCAL = 4;

  private final Path folder;
  private final String experimentId;
  private final Path file;

  RunMeta(Path folder, String experimentId) {
    this.folder = folder;
    this.experimentId = experimentId;
    this.file = folder.resolve("meta.yaml");
  }

  /** Sets the run to running; what is known of it already stays. True if it is new. */
  boolean begin(FileStore.NewRun run) throws IOException {
    boolean isNew = !Files.exists(file);
    Map<String, String> known = isNew ? Map.of() : read();
    write(
        new FileStore.NewRun(
            run.id(),
            known.getOrDefault("run_name", run.name()),
            known.getOrDefault("user_id", run.user()),
            time(known.get("start_time"), run.start())),
        RUNNING,
        Optional.empty());
    return isNew;
  }

  void end(Item.End end) throws IOException {
    Map<String, String> known = read();
    String id = folder.getFileName().toString();
    write(
        new FileStore.NewRun(
            id,
            known.getOrDefault("run_name", id),
            known.getOrDefault("user_id", ""),
            time(known.get("start_time"), end.time())),
        switch (end.status()) {
          case FINISHED -> 3;
          case FAILED -> 4;
          case KILLED -> 5;
        },
        Optional.of(end.time()));
  }

  private void write(FileStore.NewRun run, int status, Optional<Long> end) {
    Map<String, Object> meta = new LinkedHashMap<>();
    meta.put("artifact_uri", folder.resolve("artifacts").toUri().toString().replaceFirst("/$", ""));
    meta.put("deleted_time", Optional.empty());
    meta.put("end_time", end.<Object>map(time -> time).orElse(Optional.empty()));
    meta.put("entry_point_name", "");
    meta.put("experiment_id", experimentId);
    meta.put("lifecycle_stage", "active");
    meta.put("run_id", run.id());
    meta.put("run_name", run.name());
    meta.put("run_uuid", run.id());
    meta.put("source_name", "");
    meta.put("source_type", SOURCE_LOCAL);
    meta.put("source_version", "");
    meta.put("start_time", run.start());
    meta.put("status", status);
    meta.put("tags", List.of());
    meta.put("user_id", run.user());
    AtomicPublish.text(file, Yaml.write(meta));
  }

  private Map<String, String> read() throws IOException {
    return Yaml.read(Files.readString(file), file.toString());
  }

  private static long time(@Nullable String text, long otherwise) {
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
