package io.hdl.core.job;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import java.util.Optional;

/**
 * A trained model as a tracker keeps it.
 *
 * @param artifact the folder that it is loaded from, and the name to keep it under
 * @param evaluation its scores beside the baselines'
 * @param gate whether it is fit for registration
 * @param loader how Python loads it, if Python can
 */
public record TrackedModel(
    Artifact artifact, Evaluation evaluation, GateDecision gate, Optional<PythonLoader> loader) {}
