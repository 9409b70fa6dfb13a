package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service;

/** The experiments of a server. Thread-safe. */
public final class Experiments {
  private final Endpoints endpoints;

  Experiments(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  /** The experiment with a name, active or deleted, if there is one. */
  public Optional<Service.Experiment> find(String name, Duration limit) {
    return Endpoints.ifPresent(
        () ->
            endpoints
                .get(
                    "look up the experiment \"" + name + "\"",
                    "experiments/get-by-name?" + Endpoints.query("experiment_name", name),
                    Service.GetExperimentByName.Response.newBuilder(),
                    limit)
                .getExperiment());
  }

  /** The experiment with an id, active or deleted, if there is one. */
  public Optional<Service.Experiment> get(String experimentId, Duration limit) {
    return Endpoints.ifPresent(
        () ->
            endpoints
                .get(
                    "look up the experiment " + experimentId,
                    "experiments/get?" + Endpoints.query("experiment_id", experimentId),
                    Service.GetExperiment.Response.newBuilder(),
                    limit)
                .getExperiment());
  }

  /**
   * Creates an experiment.
   *
   * @return its id; empty if one of this name, active or deleted, exists already
   */
  public Optional<String> create(String name, Map<String, String> tags, Duration limit) {
    Service.CreateExperiment.Builder request = Service.CreateExperiment.newBuilder().setName(name);
    tags.forEach(
        (key, value) ->
            request.addTags(Service.ExperimentTag.newBuilder().setKey(key).setValue(value)));
    try {
      return Optional.of(
          endpoints
              .post(
                  "create the experiment \"" + name + "\"",
                  "experiments/create",
                  request.build(),
                  Service.CreateExperiment.Response.newBuilder(),
                  limit)
              .getExperimentId());
    } catch (ServerException e) {
      if (e.isPresence()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * The id of the experiment with a name, which is created if there is none. Two callers at a time
   * get the same one.
   *
   * @throws HdlException with {@code NOT_FOUND} if it was deleted: it keeps its name until somebody
   *     restores it
   */
  public String getOrCreate(String name, Duration limit) {
    Optional<Service.Experiment> known = find(name, limit);
    if (known.isEmpty()) {
      Optional<String> created = create(name, Map.of(), limit);
      if (created.isPresent()) {
        return created.get();
      }
      known = find(name, limit); // somebody else was faster
    }
    Service.Experiment experiment =
        known.orElseThrow(
            () ->
                new HdlException(
                    ErrorCode.UNAVAILABLE,
                    "%s says of the experiment \"%s\" both that it exists and that it does not."
                        .formatted(endpoints.http().server(), name)));
    if (experiment.getLifecycleStage().equals("deleted")) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "The experiment \"%s\" at %s was deleted. Restore it with `mlflow experiments restore -x %s`, or track under another name."
              .formatted(name, endpoints.http().server(), experiment.getExperimentId()));
    }
    return experiment.getExperimentId();
  }

  /** Marks an experiment and its runs as deleted; they can be restored. */
  public void delete(String experimentId, Duration limit) {
    endpoints.post(
        "delete the experiment " + experimentId,
        "experiments/delete",
        Service.DeleteExperiment.newBuilder().setExperimentId(experimentId).build(),
        limit);
  }

  /** Takes a deletion back, for the experiment and its runs. */
  public void restore(String experimentId, Duration limit) {
    endpoints.post(
        "restore the experiment " + experimentId,
        "experiments/restore",
        Service.RestoreExperiment.newBuilder().setExperimentId(experimentId).build(),
        limit);
  }

  /** Sets a tag of an experiment; the last value stays. */
  public void setTag(String experimentId, String key, String value, Duration limit) {
    endpoints.post(
        "set a tag of the experiment " + experimentId,
        "experiments/set-experiment-tag",
        Service.SetExperimentTag.newBuilder()
            .setExperimentId(experimentId)
            .setKey(key)
            .setValue(value)
            .build(),
        limit);
  }
}
