package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import java.util.random.RandomGenerator;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** The normal distribution: the mean, and the standard deviation through softplus. */
record Gaussian() implements Distribution {
  /** The least standard deviation on the scaled target; likelihood has no upper bound without. */
  static final double FLOOR = 1e-3;

  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
  private static final NormalDistribution STANDARD = NormalDistribution.of(0, 1);

  @Override
  public String name() {
    return "gaussian";
  }

  @Override
  public int parameters() {
    return 2;
  }

  @Override
  public NDArray logLikelihood(LossTensors tensors) {
    NDArray mean = tensors.output().get(":, :, 0");
    NDArray deviation = Positive.of(tensors.output().get(":, :, 1"), FLOOR);
    NDArray error = tensors.label().sub(mean).div(deviation);
    return error
        .square()
        .mul(OwnedArrays.number(-0.5, error))
        .sub(deviation.mul(tensors.scale()).log())
        .sub(HALF_LOG_TWO_PI);
  }

  @Override
  public Step step(float[] output, int at, float location, float scale) {
    return new Normal(
        output[at] * (double) scale + location, Positive.of(output[at + 1], FLOOR) * scale);
  }

  private record Normal(double mean, double deviation) implements Step {
    @Override
    public double quantile(double probability) {
      return mean + deviation * STANDARD.inverseCumulativeProbability(probability);
    }

    @Override
    public double sample(RandomGenerator random) {
      return mean + deviation * Draws.normal(random);
    }
  }
}
