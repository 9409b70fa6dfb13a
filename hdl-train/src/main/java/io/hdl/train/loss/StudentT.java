package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import java.util.random.RandomGenerator;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Student's t distribution, for targets with outliers: location, scale through softplus, and
 * degrees of freedom of 2 and more, so that mean and variance exist.
 */
record StudentT() implements Distribution {
  private static final double LEAST_FREEDOM = 2;
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final double PRECISION = 1e-13;
  private static final int MOST_STEPS = 100;

  @Override
  public String name() {
    return "student_t";
  }

  @Override
  public int parameters() {
    return 3;
  }

  /** Computed in float64: the two gamma functions nearly cancel for many degrees of freedom. */
  @Override
  public NDArray logLikelihood(LossTensors tensors) {
    NDArray output = Float64.of(tensors.output());
    NDArray scale = Positive.of(output.get(":, :, 1"), Gaussian.FLOOR);
    NDArray freedom = Positive.of(output.get(":, :, 2"), LEAST_FREEDOM);
    NDArray error = Float64.of(tensors.label()).sub(output.get(":, :, 0")).div(scale);
    NDArray halved = OwnedArrays.number(0.5, freedom);
    NDArray half = freedom.add(1).mul(halved);
    return half.gammaln()
        .sub(freedom.mul(halved).gammaln())
        .sub(freedom.mul(OwnedArrays.number(Math.PI, freedom)).log().mul(halved))
        .sub(scale.mul(Float64.of(tensors.scale())).log())
        .sub(half.mul(error.square().div(freedom).add(1).log()));
  }

  @Override
  public Step step(float[] output, int at, float location, float scale) {
    return new Student(
        output[at] * (double) scale + location,
        Positive.of(output[at + 1], Gaussian.FLOOR) * scale,
        Positive.of(output[at + 2], LEAST_FREEDOM));
  }

  private record Student(double mean, double scale, double freedom) implements Step {
    @Override
    public double quantile(double probability) {
      if (probability == 0.5 || Double.isNaN(freedom)) {
        return mean + scale * freedom * 0;
      }
      double upper = upperQuantile(Math.min(probability, 1 - probability));
      return mean + scale * (probability < 0.5 ? -upper : upper);
    }

    /**
     * Newton's method from the normal distribution's quantile. That lies below, and where a
     * distribution function is concave no step passes the root.
     */
    private double upperQuantile(double exceeded) {
      TDistribution student = TDistribution.of(freedom);
      double at = NORMAL.inverseSurvivalProbability(exceeded);
      for (int i = 0; i < MOST_STEPS; i++) {
        double step = (student.survivalProbability(at) - exceeded) / student.density(at);
        at += step;
        if (step < PRECISION * at) {
          break;
        }
      }
      return at;
    }

    @Override
    public double sample(RandomGenerator random) {
      // A normal over the root of a chi-squared, which is twice a gamma of half the freedom.
      double chiSquared = 2 * Draws.gamma(freedom / 2, random);
      return mean + scale * Draws.normal(random) * Math.sqrt(freedom / chiSquared);
    }
  }
}
