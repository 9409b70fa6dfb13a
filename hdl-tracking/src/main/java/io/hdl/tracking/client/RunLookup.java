package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service;

/**
 * Finds a run, or creates it and what is missing around it. Asking again after an answer was lost
 * makes no second run: the new one carries its key, and is searched by it first.
 */
final class RunLookup {
  private final RestApi api;
  private final ServerRun.Identity identity;

  RunLookup(RestApi api, ServerRun.Identity identity) {
    this.api = api;
    this.identity = identity;
  }

  /** The run, set to running. */
  Service.Run findOrCreate(Duration limit) {
    Optional<Service.Run> known =
        identity
            .knownId()
            .flatMap(id -> api.run(id, limit))
            .filter(run -> run.getInfo().getLifecycleStage().equals("active"));
    return known.map(run -> reopen(run, limit)).orElseGet(() -> searchOrCreate(limit));
  }

  private Service.Run searchOrCreate(Duration limit) {
    String experimentId = experiment(limit);
    return api.runWithTag(experimentId, ServerRun.KEY_TAG, identity.key(), limit)
        .map(run -> reopen(run, limit))
        .orElseGet(
            () ->
                api.createRun(
                    experimentId,
                    identity.name(),
                    identity.user(),
                    identity.start(),
                    Map.of(ServerRun.KEY_TAG, identity.key()),
                    limit));
  }

  private Service.Run reopen(Service.Run run, Duration limit) {
    if (run.getInfo().getStatus() != Service.RunStatus.RUNNING) {
      api.updateRun(run.getInfo().getRunId(), Service.RunStatus.RUNNING, 0, limit);
    }
    return run;
  }

  private String experiment(Duration limit) {
    Optional<Service.Experiment> known = api.experiment(identity.experiment(), limit);
    if (known.isEmpty()) {
      Optional<String> created = api.createExperiment(identity.experiment(), limit);
      if (created.isPresent()) {
        return created.get();
      }
      known = api.experiment(identity.experiment(), limit); // somebody else was faster
    }
    Service.Experiment experiment =
        known.orElseThrow(
            () ->
                new HdlException(
                    ErrorCode.UNAVAILABLE,
                    "%s says of the experiment \"%s\" both that it exists and that it does not."
                        .formatted(api.http().server(), identity.experiment())));
    if (experiment.getLifecycleStage().equals("deleted")) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "The experiment \"%s\" at %s was deleted. Restore it with `mlflow experiments restore -x %s`, or track under another name."
              .formatted(identity.experiment(), api.http().server(), experiment.getExperimentId()));
    }
    return experiment.getExperimentId();
  }
}
