package io.hdl.tracking.delivery;

import io.hdl.tracking.client.Runs;
import io.hdl.tracking.client.TrackingClient;
import io.hdl.tracking.outbox.RunStart;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service;

/**
 * Finds a run, or creates it and what is missing around it. Asking again after an answer was lost
 * makes no second run: the new one carries its key, and is searched by it first.
 */
final class RunLookup {
  private final TrackingClient client;
  private final RunStart start;
  private final Optional<String> knownId;
  private final Optional<String> parentId;

  /**
   * A lookup of one run.
   *
   * @param knownId the server's id of the run, if an earlier process got one
   * @param parentId the server's id of the run that contains it
   */
  RunLookup(
      TrackingClient client, RunStart start, Optional<String> knownId, Optional<String> parentId) {
    this.client = client;
    this.start = start;
    this.knownId = knownId;
    this.parentId = parentId;
  }

  /** The run, set to running. */
  Service.Run findOrCreate(Duration limit) {
    Optional<Service.Run> known =
        knownId
            .flatMap(id -> client.runs().get(id, limit))
            .filter(run -> run.getInfo().getLifecycleStage().equals("active"));
    return known.map(run -> reopen(run, limit)).orElseGet(() -> searchOrCreate(limit));
  }

  private Service.Run searchOrCreate(Duration limit) {
    String experimentId = client.experiments().getOrCreate(start.experiment(), limit);
    return client
        .runs()
        .findByTag(experimentId, ServerDestination.KEY_TAG, start.key(), limit)
        .map(run -> reopen(run, limit))
        .orElseGet(
            () ->
                client
                    .runs()
                    .create(
                        experimentId,
                        new Runs.NewRun(start.name(), start.user(), start.start(), tags()),
                        limit));
  }

  private Map<String, String> tags() {
    Map<String, String> tags = new HashMap<>();
    tags.put(ServerDestination.KEY_TAG, start.key());
    parentId.ifPresent(id -> tags.put("mlflow.parentRunId", id));
    return tags;
  }

  private Service.Run reopen(Service.Run run, Duration limit) {
    if (run.getInfo().getStatus() != Service.RunStatus.RUNNING) {
      client.runs().reopen(run.getInfo().getRunId(), limit);
    }
    return run;
  }
}
