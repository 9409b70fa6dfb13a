package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import java.util.random.RandomGenerator;
import org.apache.commons.numbers.gamma.RegularizedBeta;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The negative binomial distribution, for counts: with mean m and dispersion a its variance is
 * {@code m + a m²}. As in DeepAR (Salinas et al., 2020, section 3.3) the mean is {@code scale
 * softplus(first output)} and the dispersion {@code softplus(second output) / sqrt(scale)}. What
 * was taken off the target, its location, is left out: the mean is positive.
 */
record NegativeBinomial() implements Distribution {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final double MEAN_FLOOR = 1e-5;
  private static final double DISPERSION_FLOOR = 1e-4;

  @Override
  public String name() {
    return "negative_binomial";
  }

  @Override
  public int parameters() {
    return 2;
  }

  @Override
  public boolean isDiscrete() {
    return true;
  }

  /** Computed in float64: the gamma functions of large counts nearly cancel. */
  @Override
  public NDArray logLikelihood(LossTensors tensors) {
    NDArray output = Float64.of(tensors.output());
    NDArray scale = Float64.of(tensors.scale());
    NDArray count = Float64.of(tensors.unscaledLabel()).maximum(0);
    NDArray mean = Positive.of(output.get(":, :, 0"), MEAN_FLOOR).mul(scale);
    NDArray dispersion = Positive.of(output.get(":, :, 1"), DISPERSION_FLOOR).div(scale.sqrt());
    NDArray size = OwnedArrays.number(1, dispersion).div(dispersion);
    NDArray odds = mean.mul(dispersion);
    return count
        .add(size)
        .gammaln()
        .sub(size.gammaln())
        .sub(count.add(1).gammaln())
        .sub(count.add(size).mul(odds.add(1).log()))
        .add(count.mul(odds.log()));
  }

  @Override
  public Step step(float[] output, int at, float location, float scale) {
    return new Counts(
        Positive.of(output[at], MEAN_FLOOR) * scale,
        Positive.of(output[at + 1], DISPERSION_FLOOR) / Math.sqrt(scale));
  }

  private record Counts(double mean, double dispersion) implements Step {
    @Override
    public double quantile(double probability) {
      if (!Double.isFinite(mean) || !Double.isFinite(dispersion)) {
        return Double.NaN;
      }
      // Near the quantile of the normal distribution; doubling steps from there, then halving.
      double guess =
          mean
              + Math.sqrt(mean + dispersion * mean * mean)
                  * NORMAL.inverseCumulativeProbability(probability);
      double low = Math.max(-1, Math.floor(guess));
      double step = 1;
      while (low >= 0 && reaches(low, probability)) {
        low = Math.max(-1, low - step);
        step *= 2;
      }
      step = 1;
      double high = low + 1;
      while (!reaches(high, probability)) {
        low = high;
        high += step;
        step *= 2;
      }
      while (high - low > 1) {
        double middle = Math.floor((low + high) / 2);
        if (reaches(middle, probability)) {
          high = middle;
        } else {
          low = middle;
        }
      }
      return high;
    }

    private boolean reaches(double count, double probability) {
      double size = 1 / dispersion;
      return RegularizedBeta.value(1 / (1 + mean * dispersion), size, count + 1) >= probability;
    }

    @Override
    public double sample(RandomGenerator random) {
      return Draws.poisson(Draws.gamma(1 / dispersion, random) * mean * dispersion, random);
    }
  }
}
