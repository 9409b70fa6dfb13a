package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The logged models of an MLflow 3 server; see {@link Capabilities#loggedModels()} for whether a
 * server has them. Thread-safe.
 */
public final class LoggedModels {
  private static final int PAGE = 50;
  private static final int MOST_PAGES = 10_000;

  private final Endpoints endpoints;

  LoggedModels(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  /**
   * What a new model is made of.
   *
   * @param name for people: letters, digits, no slash, colon, dot, percent sign or quote
   * @param sourceRunId the run that it comes from
   * @param params settings
   * @param tags facts
   */
  public record NewModel(
      String experimentId,
      String name,
      Optional<String> sourceRunId,
      Map<String, String> params,
      Map<String, String> tags) {
    /** Copies params and tags. */
    public NewModel {
      params = Map.copyOf(params);
      tags = Map.copyOf(tags);
    }
  }

  /** How the upload of a model's files ended. */
  public enum Result {
    /** All of them arrived. */
    READY("LOGGED_MODEL_READY"),
    /** Some did not arrive. */
    FAILED("LOGGED_MODEL_UPLOAD_FAILED");

    private final String status;

    Result(String status) {
      this.status = status;
    }
  }

  /** Makes a model whose files are still to come; a second call makes a second one. */
  public LoggedModel create(NewModel model, Duration limit) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("experiment_id", model.experimentId());
    request.put("name", model.name());
    model.sourceRunId().ifPresent(id -> request.put("source_run_id", id));
    request.put("params", Endpoints.pairs(model.params()));
    request.put("tags", Endpoints.pairs(model.tags()));
    return model(
        endpoints.sendJson(
            "POST", "create the model \"" + model.name() + "\"", "logged-models", request, limit));
  }

  /** Says that the files of a model have come, or will not. */
  public LoggedModel finish(String modelId, Result result, Duration limit) {
    return model(
        endpoints.sendJson(
            "PATCH",
            "finish the model " + modelId,
            path(modelId),
            Map.of("model_id", modelId, "status", result.status),
            limit));
  }

  /** A model by its id, if there is one. */
  public Optional<LoggedModel> get(String modelId, Duration limit) {
    return Endpoints.ifPresent(
        () -> model(endpoints.getJson("look up the model " + modelId, path(modelId), limit)));
  }

  /** Removes a model. */
  public void delete(String modelId, Duration limit) {
    Map<String, Object> unused =
        endpoints.sendJson("DELETE", "delete the model " + modelId, path(modelId), Map.of(), limit);
  }

  /** Sets tags of a model; the last value of each stays. */
  public void setTags(String modelId, Map<String, String> tags, Duration limit) {
    Map<String, Object> unused =
        endpoints.sendJson(
            "PATCH",
            "set tags of the model " + modelId,
            path(modelId) + "/tags",
            Map.of("model_id", modelId, "tags", Endpoints.pairs(tags)),
            limit);
  }

  /**
   * All models of some experiments that match a filter, page after page.
   *
   * @param filter in MLflow's language of searches, such as {@code tags.`key` = 'value'} or {@code
   *     source_run_id = '...'}; empty for all
   */
  public List<LoggedModel> search(List<String> experimentIds, String filter, Duration limit) {
    List<LoggedModel> found = new ArrayList<>();
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("experiment_ids", experimentIds);
    request.put("filter", filter);
    request.put("max_results", PAGE);
    for (int i = 0; i < MOST_PAGES; i++) {
      Map<String, Object> page =
          endpoints.sendJson("POST", "search models", "logged-models/search", request, limit);
      for (Object item : (List<?>) page.getOrDefault("models", List.of())) {
        found.add(LoggedModel.of((Map<?, ?>) item));
      }
      String token = String.valueOf(page.getOrDefault("next_page_token", ""));
      if (token.isEmpty()) {
        return found;
      }
      request.put("page_token", token);
    }
    throw new HdlException(
        ErrorCode.REFUSED_BY_SERVICE,
        "The search for models at %s does not end: it gave %d pages."
            .formatted(endpoints.http().server(), MOST_PAGES));
  }

  /**
   * Names a model as what a run has made, unless the run has it already: the server would keep it
   * twice.
   *
   * @param step when in the run
   */
  public void logOutput(String runId, String modelId, long step, Duration limit) {
    if (outputs(runId, limit).contains(modelId)) {
      return;
    }
    Map<String, Object> unused =
        endpoints.sendJson(
            "POST",
            "log a model of the run " + runId,
            "runs/outputs",
            Map.of("run_id", runId, "models", List.of(Map.of("model_id", modelId, "step", step))),
            limit);
  }

  /** The ids of the models that a run has made. */
  public List<String> outputs(String runId, Duration limit) {
    Map<String, Object> answer =
        endpoints.getJson(
            "look up the run " + runId, "runs/get?" + Endpoints.query("run_id", runId), limit);
    List<String> ids = new ArrayList<>();
    if (answer.get("run") instanceof Map<?, ?> run
        && run.get("outputs") instanceof Map<?, ?> outputs
        && outputs.get("model_outputs") instanceof List<?> models) {
      models.forEach(model -> ids.add(String.valueOf(((Map<?, ?>) model).get("model_id"))));
    }
    return ids;
  }

  private static String path(String modelId) {
    return "logged-models/" + TrackingServer.encode(modelId);
  }

  private static LoggedModel model(Map<String, Object> answer) {
    return LoggedModel.of(answer.get("model") instanceof Map<?, ?> model ? model : Map.of());
  }
}
