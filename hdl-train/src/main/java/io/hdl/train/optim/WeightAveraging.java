package io.hdl.train.optim;

import io.hdl.train.model.FlatParameters;

/**
 * Whether validation and the trained model take an exponential moving average of the weights in
 * place of the last ones (Polyak and Juditsky, 1992). A value.
 *
 * <p>After step {@code n}, from 0, the average keeps {@code min(decay, (1 + n) / (10 + n))} of
 * itself, as TensorFlow's {@code ExponentialMovingAverage} does with a count of updates: so a short
 * training is not held back by its first weights.
 *
 * @param decay how much of the average stays at each step, in (0, 1); 0 for no averaging
 */
public record WeightAveraging(double decay) {
  private static final WeightAveraging NONE = new WeightAveraging(0);

  /** Checks the range. */
  public WeightAveraging {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("decay: " + decay + " (expected: in [0, 1))");
    }
  }

  /** The weights themselves. */
  public static WeightAveraging none() {
    return NONE;
  }

  /** The average whose every step keeps this share of it, such as 0.999. */
  public static WeightAveraging exponential(double decay) {
    return new WeightAveraging(decay);
  }

  /** Whether there is an average at all. */
  public boolean isOn() {
    return decay > 0;
  }

  /** How much of the average stays when one more step is taken in. */
  double decay(long updatesBefore) {
    return Math.min(decay, (1.0 + updatesBefore) / (10.0 + updatesBefore));
  }

  /**
   * The average of a model's weights, which begins with them as they are.
   *
   * @param parameters the weights; must outlive what is given back
   */
  public AveragedWeights on(FlatParameters parameters) {
    return new AveragedWeights(this, parameters);
  }
}
