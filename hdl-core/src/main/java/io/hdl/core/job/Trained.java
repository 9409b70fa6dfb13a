package io.hdl.core.job;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import java.util.List;
import java.util.Optional;

/**
 * What a trainer hands back. The model is owned by whoever gets it and outlives the job.
 *
 * @param model the trained model
 * @param evaluation its scores beside the baselines'
 * @param gate whether it is fit for registration
 * @param artifacts files that belong to the result: the saved model, the report
 * @param loader how Python loads the saved model, if Python can
 */
public record Trained<M>(
    M model,
    Evaluation evaluation,
    GateDecision gate,
    List<Artifact> artifacts,
    Optional<PythonLoader> loader) {
  /** Copies the artifacts. */
  public Trained {
    artifacts = List.copyOf(artifacts);
  }

  /** A model that Python does not load. */
  public Trained(M model, Evaluation evaluation, GateDecision gate, List<Artifact> artifacts) {
    this(model, evaluation, gate, artifacts, Optional.empty());
  }
}
