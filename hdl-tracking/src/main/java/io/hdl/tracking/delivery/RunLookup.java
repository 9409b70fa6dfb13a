package io.hdl.tracking.delivery;

import io.hdl.tracking.client.Runs;
import io.hdl.tracking.client.TrackingClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service;

/**
 * Finds a run, or creates it and what is missing around it. Asking again after an answer was lost
 * makes no second run: the new one carries its key, and is searched by it first.
 */
final class RunLookup {
  private final TrackingClient client;
  private final ServerRun.Identity identity;

  RunLookup(TrackingClient client, ServerRun.Identity identity) {
    this.client = client;
    this.identity = identity;
  }

  /** The run, set to running. */
  Service.Run findOrCreate(Duration limit) {
    Optional<Service.Run> known =
        identity
            .knownId()
            .flatMap(id -> client.runs().get(id, limit))
            .filter(run -> run.getInfo().getLifecycleStage().equals("active"));
    return known.map(run -> reopen(run, limit)).orElseGet(() -> searchOrCreate(limit));
  }

  private Service.Run searchOrCreate(Duration limit) {
    String experimentId = client.experiments().getOrCreate(identity.experiment(), limit);
    return client
        .runs()
        .findByTag(experimentId, ServerRun.KEY_TAG, identity.key(), limit)
        .map(run -> reopen(run, limit))
        .orElseGet(
            () ->
                client
                    .runs()
                    .create(
                        experimentId,
                        new Runs.NewRun(
                            identity.name(),
                            identity.user(),
                            identity.start(),
                            Map.of(ServerRun.KEY_TAG, identity.key())),
                        limit));
  }

  private Service.Run reopen(Service.Run run, Duration limit) {
    if (run.getInfo().getStatus() != Service.RunStatus.RUNNING) {
      client.runs().reopen(run.getInfo().getRunId(), limit);
    }
    return run;
  }
}
