package io.hdl.train.optim;

import io.hdl.train.model.FlatParameters;
import java.util.Map;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
 *
 * @param learningRate the highest learning rate, more than 0
 * @param beta1 decay of the mean of gradients, in [0, 1)
 * @param beta2 decay of the mean of squared gradients, in [0, 1)
 * @param epsilon what keeps the division finite, more than 0
 * @param weightDecay how strongly weights are drawn to zero, 0 or more
 */
public record AdamW(
    double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public AdamW {
    Checks.adam(learningRate, beta1, beta2, epsilon, weightDecay);
  }

  /**
   * PyTorch's defaults (betas 0.9 and 0.999, epsilon 1e-8, weight decay 0.01) with a learning rate.
   */
  public static AdamW learningRate(double learningRate) {
    return new AdamW(learningRate, 0.9, 0.999, 1e-8, 0.01);
  }

  /** The same with another weight decay. */
  public AdamW weightDecay(double value) {
    return new AdamW(learningRate, beta1, beta2, epsilon, value);
  }

  @Override
  public String name() {
    return "adamw";
  }

  @Override
  public Map<String, String> settings() {
    return numbers().toMap();
  }

  @Override
  public FlatOptimizer on(FlatParameters parameters) {
    return new FusedAdam(numbers(), parameters.flat(), parameters::viewsOf);
  }

  AdamSettings numbers() {
    return new AdamSettings(name(), learningRate, beta1, beta2, epsilon, weightDecay);
  }
}
