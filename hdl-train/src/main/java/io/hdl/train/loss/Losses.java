package io.hdl.train.loss;

import io.hdl.data.series.SeriesWeights;
import java.util.Arrays;
import java.util.Optional;

/** The losses there are. */
public final class Losses {
  private static final String KNOWN =
      "mae, mse, huber(1.0), quantiles(0.1, 0.5, 0.9), poisson, tweedie(1.5), smape, mase(1),"
          + " gaussian, student_t or negative_binomial with quantiles in the same way, or one of"
          + " them as in weighted(steps 1.0 0.5: mae)";

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
   * The Huber loss on the scaled target: half the squared error up to {@code delta}, beyond it
   * straight (Huber, 1964).
   *
   * @param delta where it goes over, in units of the series' scale; above 0
   */
  public static Loss huber(double delta) {
    return new HuberLoss(delta);
  }

  /**
   * The negative log-likelihood of counts under a Poisson distribution, for a target that is not
   * negative. The model gives the logarithm of the mean in units of the series' scale; the point
   * forecast is the mean. With {@code LossUnit.ORIGINAL} it is the likelihood of the target in its
   * own unit.
   */
  public static Loss poisson() {
    return new PoissonLoss();
  }

  /**
   * Half the deviance of a Tweedie distribution, for amounts with many zeros: a target that is not
   * negative (Tweedie, 1984). The model gives the logarithm of the mean in units of the series'
   * scale; the point forecast is the mean. With {@code LossUnit.ORIGINAL} it is the deviance of the
   * target in its own unit.
   *
   * @param power above 1 (counts) and below 2 (amounts)
   */
  public static Loss tweedie(double power) {
    return new TweedieLoss(power);
  }

  /**
   * The symmetric absolute percentage error as a fraction, 0 to 2, on the target in its own unit.
   * It has no unit: every label counts alike, whatever the {@code LossUnit}.
   */
  public static Loss smape() {
    return new SymmetricPercentageLoss();
  }

  /**
   * The absolute error divided by the mean absolute seasonal change of the series' training part,
   * as MASE counts it. It has no unit: every series counts alike, whatever the {@code LossUnit}. A
   * series that never changes from season to season, or is shorter than one, does not count.
   *
   * @param season steps of a season, 1 for none
   */
  public static Loss mase(int season) {
    return new ScaledAbsoluteLoss(season);
  }

  /**
   * A loss whose labels count by the weight of their series, relative to the mean weight. A series
   * of weight 0 is masked. To train a loaded model further make the loss anew: its name does not
   * hold the weights.
   *
   * @param weights weights of all series; {@link SeriesWeights#byWindows} counts the steps of the
   *     training part
   * @throws IllegalArgumentException if the weights' name has a colon or begins with {@code steps}
   */
  public static Loss weighted(Loss loss, SeriesWeights weights) {
    return new SeriesWeightedLoss(loss, weights.toString(), Optional.of(weights));
  }

  /**
   * A loss whose labels count by the weight of their step of the horizon, relative to the mean
   * weight. A step of weight 0 is masked.
   *
   * @param steps one weight for each step of the horizon; not negative, at least one above 0
   */
  public static Loss weighted(Loss loss, double... steps) {
    return new StepWeightedLoss(loss, Arrays.stream(steps).boxed().toList());
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
   * The loss of a name, such as {@code mae}, {@code huber(1.0)}, {@code quantiles(0.1, 0.5, 0.9)}
   * or {@code weighted(steps 1.0 0.5: mae)}; the inverse of {@link Loss#name()}.
   *
   * @throws IllegalArgumentException if there is no such loss
   */
  public static Loss named(String name) {
    int open = name.indexOf('(');
    boolean closed = open > 0 && name.endsWith(")");
    String kind = closed ? name.substring(0, open + 1) : name;
    String inner = closed ? name.substring(open + 1, name.length() - 1) : "";
    try {
      return switch (kind) {
        case "mae" -> mae();
        case "mse" -> mse();
        case "huber(" -> huber(Double.parseDouble(inner));
        case "quantiles(" -> quantiles(QuantileLoss.numbers(inner));
        case "poisson" -> poisson();
        case "tweedie(" -> tweedie(Double.parseDouble(inner));
        case "smape" -> smape();
        case "mase(" -> mase(Integer.parseInt(inner));
        case "weighted(" -> weighted(inner);
        default ->
            DistributionLoss.named(name)
                .orElseThrow(() -> new IllegalArgumentException("no such loss"));
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("loss: \"" + name + "\" (expected: " + KNOWN + ")", e);
    }
  }

  /** Reads {@code steps 1.0 0.5: mae} or {@code by mean: mae}. */
  private static Loss weighted(String text) {
    int colon = text.indexOf(": ");
    if (colon < 0) {
      throw new IllegalArgumentException("no weights");
    }
    Loss loss = named(text.substring(colon + 2));
    String weights = text.substring(0, colon);
    return weights.startsWith("steps ")
        ? weighted(loss, QuantileLoss.numbers(weights.substring(6).replace(' ', ',')))
        : new SeriesWeightedLoss(loss, weights, Optional.empty());
  }
}
