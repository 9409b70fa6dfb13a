package io.hdl.train.loss;

/** The losses there are. */
public final class Losses {
  private Losses() {}

  /** Mean absolute error: leads to the median. */
  public static Loss mae() {
    return new AbsoluteLoss();
  }

  /** Mean squared error: leads to the mean. */
  public static Loss mse() {
    return new SquaredLoss();
  }

  /**
   * The pinball loss, the mean over quantiles (Koenker and Bassett, 1978).
   *
   * @param quantiles ascending, each between 0 and 1, such as {@code 0.1, 0.5, 0.9}
   * @throws IllegalArgumentException if there are none, or one is out of range or order
   */
  public static Loss quantiles(double... quantiles) {
    return new QuantileLoss(QuantileLoss.checked(quantiles));
  }

  /**
   * The negative log likelihood of a normal distribution: two outputs per step, the mean and, with
   * softplus and a floor of 0.001, the standard deviation of the scaled target.
   */
  public static DistributionLoss gaussian() {
    return DistributionLoss.of(new Gaussian());
  }

  /**
   * The negative log likelihood of Student's t distribution, for targets with outliers: three
   * outputs per step, location and scale as {@link #gaussian()}'s and, with softplus, degrees of
   * freedom above 2.
   */
  public static DistributionLoss studentT() {
    return DistributionLoss.of(new StudentT());
  }

  /**
   * The negative log likelihood of a negative binomial distribution, for counts: two outputs per
   * step, o and p, that stand for the mean {@code scale softplus(o)} and the dispersion {@code
   * softplus(p) / sqrt(scale)}, as in DeepAR (Salinas et al., "DeepAR: Probabilistic forecasting
   * with autoregressive recurrent networks", 2020). The target must not be negative.
   */
  public static DistributionLoss negativeBinomial() {
    return DistributionLoss.of(new NegativeBinomial());
  }

  /**
   * The loss of a name: {@code mae}, {@code mse}, {@code quantiles(0.1, 0.5, 0.9)}, or {@code
   * gaussian(0.1, 0.5, 0.9)}; the inverse of {@link Loss#name()}.
   *
   * @throws IllegalArgumentException if there is no such loss
   */
  public static Loss named(String name) {
    if (name.equals("mae")) {
      return mae();
    }
    if (name.equals("mse")) {
      return mse();
    }
    if (name.startsWith("quantiles(") && name.endsWith(")")) {
      return quantiles(QuantileLoss.numbers(name.substring(10, name.length() - 1)));
    }
    return DistributionLoss.named(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "loss: \""
                        + name
                        + "\" (expected: mae, mse, quantiles(0.1, 0.5, 0.9), or gaussian, student_t"
                        + " or negative_binomial with quantiles in the same way)"));
  }
}
