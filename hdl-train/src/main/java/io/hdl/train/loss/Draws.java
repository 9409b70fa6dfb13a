package io.hdl.train.loss;

import java.util.random.RandomGenerator;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.AhrensDieterMarsagliaTsangGammaSampler;
import org.apache.commons.rng.sampling.distribution.PoissonSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/** Draws from distributions, the same for the same generator on every JDK. */
final class Draws {
  /** Above it a Poisson distribution is a normal one to all digits of a float. */
  private static final double LARGE_MEAN = 1e9;

  private Draws() {}

  private static UniformRandomProvider bits(RandomGenerator random) {
    return random::nextLong;
  }

  /** A normal with mean 0 and deviation 1. */
  static double normal(RandomGenerator random) {
    return ZigguratSampler.NormalizedGaussian.of(bits(random)).sample();
  }

  /** A gamma with a shape, and a scale of 1. */
  static double gamma(double shape, RandomGenerator random) {
    if (!(shape > 0)) {
      return Double.NaN;
    }
    return AhrensDieterMarsagliaTsangGammaSampler.of(bits(random), shape, 1).sample();
  }

  /** A count with a mean. */
  static double poisson(double mean, RandomGenerator random) {
    if (!(mean > 0)) {
      return mean;
    }
    if (mean > LARGE_MEAN) {
      return Math.rint(mean + Math.sqrt(mean) * normal(random));
    }
    return PoissonSampler.of(bits(random), mean).sample();
  }
}
