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

  /** How a run came about. */
  enum Origin {
    /** It was there. */
    FOUND,
    /** It was there, but deleted, and is there again. */
    RESTORED,
    /** It was created. */
    CREATED
  }

  /** A run that is there, set to running. */
  record Found(Service.RunInfo run, Origin origin) {}

  /**
   * A lookup of one run.
   *
   * @param knownId the server's id of the run, if an earlier process got one
   * @param parentId the server's id of the run that contains it, if it is known already
   */
  RunLookup(
      TrackingClient client, RunStart start, Optional<String> knownId, Optional<String> parentId) {
    this.client = client;
    this.start = start;
    this.knownId = knownId;
    this.parentId = parentId;
  }

  /** The run, set to running. */
  Found findOrCreate(Duration limit) {
    Optional<Service.Run> known = knownId.flatMap(id -> client.runs().get(id, limit));
    if (known.isPresent()) {
      return reopened(known.get(), limit);
    }
    String experimentId = client.experiments().getOrCreate(start.experiment(), limit);
    Optional<Service.Run> found = find(experimentId, start.key(), limit);
    if (found.isPresent()) {
      return reopened(found.get(), limit);
    }
    Service.Run created =
        client
            .runs()
            .create(
                experimentId,
                new Runs.NewRun(
                    start.name(), start.user(), start.start(), tags(experimentId, limit)),
                limit);
    return new Found(created.getInfo(), Origin.CREATED);
  }

  /** The run with a key: an active one rather than a deleted one. */
  private Optional<Service.Run> find(String experimentId, String key, Duration limit) {
    Optional<Service.Run> active =
        client.runs().findByTag(experimentId, ServerDestination.KEY_TAG, key, limit);
    if (active.isPresent()) {
      return active;
    }
    Service.SearchRuns deleted =
        Service.SearchRuns.newBuilder()
            .addExperimentIds(experimentId)
            .setFilter("tags.`" + ServerDestination.KEY_TAG + "` = '" + key + "'")
            .setRunViewType(Service.ViewType.DELETED_ONLY)
            .setMaxResults(1)
            .build();
    return client.runs().page(deleted, limit).getRunsList().stream().findFirst();
  }

  private Map<String, String> tags(String experimentId, Duration limit) {
    Map<String, String> tags = new HashMap<>();
    tags.put(ServerDestination.KEY_TAG, start.key());
    parentId
        .or(
            () ->
                start
                    .parentKey()
                    .flatMap(key -> find(experimentId, key, limit))
                    .map(parent -> parent.getInfo().getRunId()))
        .ifPresent(id -> tags.put("mlflow.parentRunId", id));
    return tags;
  }

  private Found reopened(Service.Run run, Duration limit) {
    boolean deleted = run.getInfo().getLifecycleStage().equals("deleted");
    if (deleted) {
      client.runs().restore(run.getInfo().getRunId(), limit);
    }
    return new Found(reopen(run, limit).getInfo(), deleted ? Origin.RESTORED : Origin.FOUND);
  }

  private Service.Run reopen(Service.Run run, Duration limit) {
    if (run.getInfo().getStatus() != Service.RunStatus.RUNNING) {
      client.runs().reopen(run.getInfo().getRunId(), limit);
    }
    return run;
  }
}
