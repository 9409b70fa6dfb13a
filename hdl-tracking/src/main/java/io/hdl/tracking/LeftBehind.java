package io.hdl.tracking;

import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run's record says about its tracking, beside the outbox that it left behind. */
final class LeftBehind {
  private static final Logger LOG = LoggerFactory.getLogger(LeftBehind.class);

  private LeftBehind() {}

  /** The address of the server that an outbox was for, without secrets. */
  static Optional<String> server(Path outbox) {
    return record(outbox)
        .flatMap(record -> map(record.get("provenance")))
        .flatMap(provenance -> map(provenance.get("settings")))
        .flatMap(settings -> Optional.ofNullable(settings.get("mlflow.uri")))
        .map(String::valueOf);
  }

  /** Job and run that an outbox belongs to. */
  static Optional<String> name(Path outbox) {
    return record(outbox).map(record -> record.get("job") + "/" + record.get("runId"));
  }

  private static Optional<Map<String, Object>> record(Path outbox) {
    Path file = outbox.resolveSibling("run.json");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.readObject(Files.readString(file), file.toString()));
    } catch (IOException | HdlException e) {
      LOG.warn("Cannot tell which server {} is for: {}", outbox, e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<Map<?, ?>> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? Optional.of(map) : Optional.empty();
  }
}
