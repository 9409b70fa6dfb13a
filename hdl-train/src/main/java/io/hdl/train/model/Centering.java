package io.hdl.train.model;

import io.hdl.core.error.Problems;
import io.hdl.train.loss.Loss;

/**
 * What a model takes off the target's window before it looks at it, and what it divides the rest
 * by; its forecast goes the same way back. Means and deviations are those of the observed steps.
 *
 * <p>The forecast goes back by multiplication and addition, which is right for values of the target
 * and not for the parameters of a distribution: with a loss whose outputs are such parameters only
 * {@link #NONE} is allowed.
 */
public enum Centering {
  /** Nothing. */
  NONE,
  /** Less the last value of the context; where that is missing, less the mean. */
  LAST,
  /** Less the mean of the context. */
  MEAN,
  /** Less the mean, divided by the standard deviation {@code sqrt(variance + 1e-5)}. */
  STANDARD,
  /**
   * As {@link #STANDARD}, followed by a learned scale and offset that the forecast takes back (Kim
   * et al., "Reversible Instance Normalization for Accurate Time-Series Forecasting against
   * Distribution Shift", 2022).
   */
  REVERSIBLE,
  /** Divided by the mean absolute value, or by 1e-5 if that is more; nothing is taken off. */
  ABSOLUTE,
  /**
   * Less the last value, divided by the mean absolute value, or by 1e-5 if that is more: for series
   * with a trend whose changes grow with their level.
   */
  LAST_ABSOLUTE;

  /** Adds a problem if a loss's outputs cannot be brought back to the window's level. */
  void check(Loss loss, Problems problems) {
    if (this != NONE && loss.levelOutputs() < loss.outputs()) {
      problems.add(
          "centering: "
              + this
              + " (expected: NONE with the loss "
              + loss.name()
              + ", whose outputs are not all values of the target)");
    }
  }
}
