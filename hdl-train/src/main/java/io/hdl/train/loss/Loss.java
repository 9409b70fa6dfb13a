package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import io.hdl.core.error.Problems;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import java.util.List;
import java.util.Optional;

/**
 * A loss as a weighted sum over windows and steps, so that several devices can add theirs up and
 * divide by a common number; and what a model trained for it forecasts. Implementations are
 * immutable and thread-safe.
 */
public interface Loss {
  /** Name as recorded with a run, such as {@code mae}; {@link Losses#named} knows it. */
  String name();

  /** Number of values the model gives per step: one, one per quantile, or a distribution's. */
  default int outputs() {
    return 1;
  }

  /**
   * How many of the outputs, the first ones, lie at the target's level: a model that takes the
   * level off a window adds it to these alone. By default all.
   */
  default int levelOutputs() {
    return outputs();
  }

  /** The distribution that the outputs are the parameters of, if they are; then paths are drawn. */
  default Optional<Distribution> distribution() {
    return Optional.empty();
  }

  /** The quantiles that are forecast, ascending; empty for a point forecast alone. */
  default List<Double> quantiles() {
    return List.of();
  }

  /**
   * Whether the loss has the target's unit, so that it makes a difference in which one errors are
   * counted; default yes. A loss without a unit, such as sMAPE, is counted as it is.
   */
  default boolean hasUnit() {
    return true;
  }

  /** Adds what stands against training for this loss with a horizon; by default nothing. */
  default void check(int horizon, Problems problems) {}

  /**
   * The loss for the training on some data: looks the data over and takes from its training part
   * what the loss needs of it, such as weights of its series. By default the loss itself.
   *
   * @throws io.hdl.core.error.HdlException with {@code INVALID_DATA} if the loss is not defined on
   *     the data, with {@code INVALID_SETTINGS} if its weights do not fit the data
   */
  default Loss on(SeriesStore store, Split split) {
    return this;
  }

  /**
   * The loss, summed.
   *
   * @return a scalar on the output's device
   */
  NDArray sum(LossTensors tensors);

  /**
   * The forecast of one step, from what the model gave for it: the point forecast, then one value
   * per quantile, ascending, all in the target's own unit. By default the only output.
   *
   * @param output what the model gave
   * @param at index of the step's first output
   * @param location what was taken off the target
   * @param scale what the rest was divided by
   * @param values takes the forecast
   * @param to index of its first value
   */
  default void forecast(
      float[] output, int at, float location, float scale, float[] values, int to) {
    values[to] = output[at] * scale + location;
  }

  /**
   * The forecast of one step from samples: the point forecast, then one value per quantile,
   * ascending.
   *
   * @param samples of the step, in the target's own unit, at least one
   * @param values takes the forecast
   * @param to index of its first value
   * @throws UnsupportedOperationException if the loss has no {@link #distribution()}
   */
  default void forecast(float[] samples, float[] values, int to) {
    throw new UnsupportedOperationException("The loss " + name() + " is not a distribution's.");
  }
}
