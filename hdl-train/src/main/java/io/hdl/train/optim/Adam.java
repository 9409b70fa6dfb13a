package io.hdl.train.optim;

import io.hdl.train.model.FlatParameters;
import java.util.Map;
import java.util.Objects;

/**
 * Adam (Kingma and Ba, 2015). Weight decay, if any, is added to the gradient (L2 penalty).
 *
 * @param learningRate the highest learning rate, more than 0
 * @param beta1 decay of the mean of gradients, in [0, 1)
 * @param beta2 decay of the mean of squared gradients, in [0, 1)
 * @param epsilon what keeps the division finite, more than 0
 * @param weightDecay how strongly weights are drawn to zero, 0 or more
 * @param decayScope what is drawn to zero
 */
public record Adam(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    DecayScope decayScope)
    implements Optimizer {
  static final String NAME = "adam";

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public Adam {
    Checks.adam(learningRate, beta1, beta2, epsilon, weightDecay);
    Objects.requireNonNull(decayScope, "decayScope");
  }

  /**
   * PyTorch's defaults (betas 0.9 and 0.999, epsilon 1e-8, weight decay 0.0) with a learning rate.
   */
  public static Adam learningRate(double learningRate) {
    return new Adam(learningRate, 0.9, 0.999, 1e-8, 0.0, DecayScope.WEIGHTS);
  }

  /** The same with another weight decay, of weights alone unless {@link #decayAll} says else. */
  public Adam weightDecay(double value) {
    return new Adam(learningRate, beta1, beta2, epsilon, value, decayScope);
  }

  /** The same with weight decay of every array, biases and norms too. */
  public Adam decayAll() {
    return new Adam(learningRate, beta1, beta2, epsilon, weightDecay, DecayScope.ALL);
  }

  static Adam of(NamedSettings settings) {
    return new Adam(
        settings.number("learning_rate", 1e-3),
        settings.number("beta1", 0.9),
        settings.number("beta2", 0.999),
        settings.number("epsilon", 1e-8),
        settings.number("weight_decay", 0.0),
        settings.choice("decay_scope", DecayScope.class, DecayScope.WEIGHTS));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> settings() {
    return numbers().toMap();
  }

  @Override
  public FlatOptimizer on(FlatParameters parameters) {
    return new FusedAdam(numbers(), parameters);
  }

  AdamSettings numbers() {
    return new AdamSettings(NAME, learningRate, beta1, beta2, epsilon, weightDecay, decayScope);
  }
}
