package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * A loss as a weighted sum over windows and steps, so that several devices can add theirs up and
 * divide by a common number. Implementations are immutable and thread-safe.
 */
public interface Loss {
  /** Name as recorded with a run, such as {@code mae}. */
  String name();

  /** The quantiles that the model's outputs stand for, ascending; empty for a point forecast. */
  List<Double> quantiles();

  /** Number of values the model gives per step: one, or one per quantile. */
  default int outputs() {
    return Math.max(1, quantiles().size());
  }

  /** Which output serves as the point forecast: the only one, or the quantile nearest 0.5. */
  default int pointOutput() {
    int nearest = 0;
    for (int i = 1; i < quantiles().size(); i++) {
      if (Math.abs(quantiles().get(i) - 0.5) < Math.abs(quantiles().get(nearest) - 0.5)) {
        nearest = i;
      }
    }
    return nearest;
  }

  /**
   * The loss, summed.
   *
   * @param output {@code [batch, horizon, outputs]}
   * @param label {@code [batch, horizon]}; 0 where not observed
   * @param weight {@code [batch, horizon]}; 0 where not observed
   * @return a scalar on the output's device
   */
  NDArray sum(NDArray output, NDArray label, NDArray weight);
}
