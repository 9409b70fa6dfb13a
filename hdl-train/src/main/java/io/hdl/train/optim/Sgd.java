package io.hdl.train.optim;

import io.hdl.train.model.FlatParameters;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Stochastic gradient descent with momentum, as in PyTorch's {@code SGD} without dampening: {@code
 * v = momentum v + g}, {@code w = w - rate v}, or {@code w = w - rate (g + momentum v)} in
 * Nesterov's form (Sutskever et al., 2013). Weight decay, if any, is added to the gradient.
 *
 * @param learningRate the highest learning rate, more than 0
 * @param momentum how much of the velocity stays at each step, in [0, 1); 0 for none
 * @param form how the velocity changes the weights; Nesterov's form needs a momentum
 * @param weightDecay how strongly weights are drawn to zero, 0 or more
 * @param decayScope what is drawn to zero
 */
public record Sgd(
    double learningRate, double momentum, Form form, double weightDecay, DecayScope decayScope)
    implements Optimizer {
  static final String NAME = "sgd";

  /** How the velocity changes the weights. */
  public enum Form {
    /** The weights follow the velocity. */
    CLASSIC,
    /** The weights follow the velocity as it will be. */
    NESTEROV
  }

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public Sgd {
    Objects.requireNonNull(form, "form");
    Objects.requireNonNull(decayScope, "decayScope");
    Checks.learningRate(learningRate);
    Checks.require(
        momentum >= 0 && momentum < 1 && (momentum > 0 || form == Form.CLASSIC),
        "momentum",
        momentum,
        form == Form.CLASSIC ? "in [0, 1)" : "in (0, 1)");
    Checks.weightDecay(weightDecay);
  }

  /** PyTorch's defaults, no momentum and no weight decay, with a learning rate. */
  public static Sgd learningRate(double learningRate) {
    return new Sgd(learningRate, 0, Form.CLASSIC, 0, DecayScope.WEIGHTS);
  }

  /** The same with a momentum, such as 0.9. */
  public Sgd momentum(double value) {
    return new Sgd(learningRate, value, form, weightDecay, decayScope);
  }

  /** The same in Nesterov's form with a momentum, such as 0.9. */
  public Sgd nesterov(double value) {
    return new Sgd(learningRate, value, Form.NESTEROV, weightDecay, decayScope);
  }

  /** The same with another weight decay, of weights alone unless {@link #decayAll} says else. */
  public Sgd weightDecay(double value) {
    return new Sgd(learningRate, momentum, form, value, decayScope);
  }

  /** The same with weight decay of every array, biases and norms too. */
  public Sgd decayAll() {
    return new Sgd(learningRate, momentum, form, weightDecay, DecayScope.ALL);
  }

  static Sgd of(NamedSettings settings) {
    return new Sgd(
        settings.number("learning_rate", 1e-2),
        settings.number("momentum", 0),
        settings.choice("form", Form.class, Form.CLASSIC),
        settings.number("weight_decay", 0),
        settings.choice("decay_scope", DecayScope.class, DecayScope.WEIGHTS));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> settings() {
    return NamedSettings.map(
        NAME,
        settings -> {
          settings.put("learning_rate", Double.toString(learningRate));
          settings.put("momentum", Double.toString(momentum));
          settings.put("form", form.name().toLowerCase(Locale.ROOT));
          settings.put("weight_decay", Double.toString(weightDecay));
          settings.put("decay_scope", decayScope.name().toLowerCase(Locale.ROOT));
        });
  }

  @Override
  public FlatOptimizer on(FlatParameters parameters) {
    return new FlatSgd(this, parameters);
  }
}
