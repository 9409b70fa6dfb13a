package io.hdl.core;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.job.Artifact;
import io.hdl.core.provenance.RunProvenance;
import io.hdl.core.run.RunDirectory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a finished job hands back.
 *
 * @param model the trained model; the caller owns it and closes it
 * @param evaluation its scores beside the baselines'
 * @param gate whether it is fit for registration
 * @param provenance everything that the result depends on
 * @param directory the run's files
 * @param artifacts files that belong to the result
 * @param trackedAt where the run is to be seen at the tracker, if it was tracked
 * @param stages how long each stage took, in order
 */
public record JobResult<M>(
    M model,
    Evaluation evaluation,
    GateDecision gate,
    RunProvenance provenance,
    RunDirectory directory,
    List<Artifact> artifacts,
    Optional<String> trackedAt,
    Map<String, Duration> stages) {}
