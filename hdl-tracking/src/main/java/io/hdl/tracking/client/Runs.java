package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service;

/** The runs of a server. Thread-safe. */
public final class Runs {
  private static final int PAGE = 1000;
  private static final int HISTORY_PAGE = 10_000;

  /** As many runs as a search of one experiment may reasonably find; more is a defect. */
  private static final int MOST_PAGES = 10_000;

  private final Endpoints endpoints;

  Runs(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  /**
   * What a new run is called and carries.
   *
   * @param name for people
   * @param user who runs it
   * @param start milliseconds since 1970
   * @param tags facts, among them what the run can be found by again
   */
  public record NewRun(String name, String user, long start, Map<String, String> tags) {
    /** Copies the tags. */
    public NewRun {
      tags = Map.copyOf(tags);
    }
  }

  /** A run by its id, active or deleted, if there is one. */
  public Optional<Service.Run> get(String runId, Duration limit) {
    return Endpoints.ifPresent(
        () ->
            endpoints
                .get(
                    "look up the run " + runId,
                    "runs/get?" + Endpoints.query("run_id", runId),
                    Service.GetRun.Response.newBuilder(),
                    limit)
                .getRun());
  }

  /**
   * The active run of an experiment that carries a tag, if there is one.
   *
   * @throws HdlException with {@code INVALID_ARGUMENT} if key or value do not fit into a search: a
   *     key without backticks, a value without single quotes
   */
  public Optional<Service.Run> findByTag(
      String experimentId, String key, String value, Duration limit) {
    if (key.indexOf('`') >= 0 || value.indexOf('\'') >= 0) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "tag: \"%s\" = \"%s\" (expected: a key without backticks and a value without single quotes)"
              .formatted(key, value));
    }
    Service.SearchRuns request =
        Service.SearchRuns.newBuilder()
            .addExperimentIds(experimentId)
            .setFilter("tags.`" + key + "` = '" + value + "'")
            .setRunViewType(Service.ViewType.ACTIVE_ONLY)
            .setMaxResults(1)
            .build();
    return page(request, limit).getRunsList().stream().findFirst();
  }

  /**
   * All active runs of some experiments that match a filter, page after page.
   *
   * @param filter in MLflow's language of searches, such as {@code metrics.wape < 0.1}; empty for
   *     all runs
   * @param limit the time that each page may take
   */
  public List<Service.Run> search(List<String> experimentIds, String filter, Duration limit) {
    Service.SearchRuns.Builder request =
        Service.SearchRuns.newBuilder()
            .addAllExperimentIds(experimentIds)
            .setFilter(filter)
            .setRunViewType(Service.ViewType.ACTIVE_ONLY)
            .setMaxResults(PAGE);
    List<Service.Run> found = new ArrayList<>();
    for (int i = 0; i < MOST_PAGES; i++) {
      Service.SearchRuns.Response page = page(request.build(), limit);
      found.addAll(page.getRunsList());
      if (page.getNextPageToken().isEmpty()) {
        return found;
      }
      request.setPageToken(page.getNextPageToken());
    }
    throw endless("search for runs");
  }

  private HdlException endless(String what) {
    return new HdlException(
        ErrorCode.REFUSED_BY_SERVICE,
        "The %s at %s does not end: it gave %d pages."
            .formatted(what, endpoints.http().server(), MOST_PAGES));
  }

  /**
   * One page of a search.
   *
   * @param request with filter, order, size and the token of the page before
   */
  public Service.SearchRuns.Response page(Service.SearchRuns request, Duration limit) {
    return endpoints
        .post(
            "search runs", "runs/search", request, Service.SearchRuns.Response.newBuilder(), limit)
        .build();
  }

  /**
   * Finds the active run that carries a tag of the new one, or creates it. Asking again after an
   * answer was lost makes no second run.
   *
   * @param keyTag the name of a tag of the new run whose value no other run has
   */
  public Service.Run findOrCreate(String experimentId, String keyTag, NewRun run, Duration limit) {
    String value = run.tags().getOrDefault(keyTag, "");
    if (value.isEmpty()) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "keyTag: \"" + keyTag + "\" (expected: one of the run's tags, with a value)");
    }
    return findByTag(experimentId, keyTag, value, limit)
        .orElseGet(() -> create(experimentId, run, limit));
  }

  /** Creates a run; a second call creates a second one. */
  public Service.Run create(String experimentId, NewRun run, Duration limit) {
    Service.CreateRun.Builder request =
        Service.CreateRun.newBuilder()
            .setExperimentId(experimentId)
            .setRunName(run.name())
            .setUserId(run.user())
            .setStartTime(run.start());
    run.tags()
        .forEach(
            (key, value) ->
                request.addTags(Service.RunTag.newBuilder().setKey(key).setValue(value)));
    return endpoints
        .post(
            "create the run",
            "runs/create",
            request.build(),
            Service.CreateRun.Response.newBuilder(),
            limit)
        .getRun();
  }

  /** Sets a run to running and takes its end away. */
  public void reopen(String runId, Duration limit) {
    update(
        Service.UpdateRun.newBuilder().setRunId(runId).setStatus(Service.RunStatus.RUNNING).build(),
        limit);
  }

  /**
   * Ends a run.
   *
   * @param time milliseconds since 1970
   */
  public void end(String runId, Service.RunStatus status, long time, Duration limit) {
    update(
        Service.UpdateRun.newBuilder().setRunId(runId).setStatus(status).setEndTime(time).build(),
        limit);
  }

  /** Changes what a run is called. */
  public void rename(String runId, String name, Duration limit) {
    update(Service.UpdateRun.newBuilder().setRunId(runId).setRunName(name).build(), limit);
  }

  /** Changes state, end and name of a run, each if it is set. */
  public void update(Service.UpdateRun request, Duration limit) {
    endpoints.post("update the run " + request.getRunId(), "runs/update", request, limit);
  }

  /** Marks a run as deleted; it can be restored. */
  public void delete(String runId, Duration limit) {
    endpoints.post(
        "delete the run " + runId,
        "runs/delete",
        Service.DeleteRun.newBuilder().setRunId(runId).build(),
        limit);
  }

  /** Takes a deletion back. */
  public void restore(String runId, Duration limit) {
    endpoints.post(
        "restore the run " + runId,
        "runs/restore",
        Service.RestoreRun.newBuilder().setRunId(runId).build(),
        limit);
  }

  /**
   * Logs metrics, params and tags in one request. The server takes 1000 metrics, 100 params, 100
   * tags, 1000 items in all and a million characters of JSON; it takes all of it or nothing.
   */
  public void logBatch(
      String runId,
      List<Service.Metric> metrics,
      List<Service.Param> params,
      List<Service.RunTag> tags,
      Duration limit) {
    logBatch(
        Service.LogBatch.newBuilder()
            .setRunId(runId)
            .addAllMetrics(metrics)
            .addAllParams(params)
            .addAllTags(tags)
            .build(),
        limit);
  }

  /** Logs metrics, params and tags in one request, as the message holds them. */
  public void logBatch(Service.LogBatch batch, Duration limit) {
    endpoints.post("log to the run " + batch.getRunId(), "runs/log-batch", batch, limit);
  }

  /**
   * The same for a message in the JSON form of {@code Service.LogBatch}, for callers who log much
   * and write it themselves.
   *
   * @param utf8 the JSON, in UTF-8
   */
  public void logBatch(String runId, ByteBuffer utf8, Duration limit) {
    endpoints.post("log to the run " + runId, "runs/log-batch", utf8, limit);
  }

  /** Logs the datasets that a run reads. */
  public void logInputs(Service.LogInputs request, Duration limit) {
    endpoints.post(
        "log the inputs of the run " + request.getRunId(), "runs/log-inputs", request, limit);
  }

  /** All values of a metric, page after page, in the order of the server. */
  public List<Service.Metric> metricHistory(String runId, String key, Duration limit) {
    List<Service.Metric> found = new ArrayList<>();
    String token = "";
    for (int i = 0; i < MOST_PAGES; i++) {
      Service.GetMetricHistory.Response page =
          endpoints
              .get(
                  "read the metric \"" + key + "\" of the run " + runId,
                  "metrics/get-history?"
                      + Endpoints.query("run_id", runId)
                      + "&"
                      + Endpoints.query("metric_key", key)
                      + "&max_results="
                      + HISTORY_PAGE
                      + (token.isEmpty() ? "" : "&" + Endpoints.query("page_token", token)),
                  Service.GetMetricHistory.Response.newBuilder(),
                  limit)
              .build();
      found.addAll(page.getMetricsList());
      token = page.getNextPageToken();
      if (token.isEmpty()) {
        return found;
      }
    }
    throw endless("history of a metric");
  }

  /**
   * Tells a run of a model among its artifacts, as servers before MLflow 3 want it.
   *
   * @param mlmodel the model's {@code MLmodel} file as JSON
   */
  public void logModel(String runId, String mlmodel, Duration limit) {
    endpoints.post(
        "log a model of the run " + runId,
        "runs/log-model",
        Service.LogModel.newBuilder().setRunId(runId).setModelJson(mlmodel).build(),
        limit);
  }

  /** Sets a tag of a run; the last value stays. */
  public void setTag(String runId, String key, String value, Duration limit) {
    endpoints.post(
        "set a tag of the run " + runId,
        "runs/set-tag",
        Service.SetTag.newBuilder().setRunId(runId).setKey(key).setValue(value).build(),
        limit);
  }

  /** Removes a tag of a run. */
  public void deleteTag(String runId, String key, Duration limit) {
    endpoints.post(
        "delete a tag of the run " + runId,
        "runs/delete-tag",
        Service.DeleteTag.newBuilder().setRunId(runId).setKey(key).build(),
        limit);
  }
}
