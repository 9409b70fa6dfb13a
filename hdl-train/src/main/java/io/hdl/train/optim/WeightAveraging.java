package io.hdl.train.optim;

/**
 * Whether validation and the trained model take an exponential moving average of the weights in
 * place of the last ones. A value.
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
}
