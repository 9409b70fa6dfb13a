package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import java.util.random.RandomGenerator;

/**
 * A family of probability distributions that a model forecasts a step with: it gives the family's
 * parameters, one output each, for the scaled target; likelihood, quantiles and samples are those
 * of the target in its own unit. Implementations are immutable and thread-safe.
 */
public interface Distribution {
  /** Name as recorded with a run, such as {@code gaussian}. */
  String name();

  /** Number of parameters: outputs of the model per step. The first one tells the level. */
  int parameters();

  /** Whether its values are whole numbers; default no. */
  default boolean isDiscrete() {
    return false;
  }

  /**
   * The logarithm of the likelihood of the label in its own unit.
   *
   * @param tensors whose output holds {@code [batch, horizon, parameters]}
   * @return {@code [batch, horizon]}, float32 or float64; of no meaning where not observed, but
   *     finite
   */
  NDArray logLikelihood(LossTensors tensors);

  /**
   * The distribution of one step in the target's own unit.
   *
   * @param output what the model gave
   * @param at index of the step's first output
   * @param location what was taken off the target
   * @param scale what the rest was divided by
   */
  Step step(float[] output, int at, float location, float scale);

  /** The distribution of one step. Where the model's outputs are NaN, so is all of it. */
  interface Step {
    /** The expected value. */
    double mean();

    /**
     * The smallest value that is not exceeded with a probability.
     *
     * @param probability between 0 and 1
     */
    double quantile(double probability);

    /** A value drawn at random. */
    double sample(RandomGenerator random);
  }
}
