package io.hdl.tracking.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model that an MLflow 3 server keeps beside its runs.
 *
 * @param id {@code m-...}
 * @param name for people
 * @param artifactUri where its files lie
 * @param status {@code LOGGED_MODEL_PENDING}, {@code LOGGED_MODEL_READY} or {@code
 *     LOGGED_MODEL_UPLOAD_FAILED}
 * @param sourceRunId the run that it comes from, if there is one
 * @param params settings
 * @param tags facts
 */
public record LoggedModel(
    String id,
    String experimentId,
    String name,
    String artifactUri,
    String status,
    Optional<String> sourceRunId,
    Map<String, String> params,
    Map<String, String> tags) {
  /** Copies params and tags. */
  public LoggedModel {
    params = Map.copyOf(params);
    tags = Map.copyOf(tags);
  }

  /** As a server writes it. */
  static LoggedModel of(Map<?, ?> model) {
    Map<?, ?> info = map(model.get("info"));
    return new LoggedModel(
        text(info, "model_id"),
        text(info, "experiment_id"),
        text(info, "name"),
        text(info, "artifact_uri"),
        text(info, "status"),
        Optional.of(text(info, "source_run_id")).filter(id -> !id.isEmpty()),
        pairs(map(model.get("data")).get("params")),
        pairs(info.get("tags")));
  }

  private static Map<?, ?> map(@Nullable Object json) {
    return json instanceof Map<?, ?> found ? found : Map.of();
  }

  private static String text(Map<?, ?> json, String name) {
    Object value = json.get(name);
    return value == null ? "" : String.valueOf(value);
  }

  private static Map<String, String> pairs(@Nullable Object json) {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (json instanceof List<?> list) {
      list.forEach(item -> pairs.put(text(map(item), "key"), text(map(item), "value")));
    }
    return pairs;
  }
}
