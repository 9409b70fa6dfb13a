package io.hdl.train.optim;

import java.util.LinkedHashMap;
import java.util.Map;

/** How gradients change the weights. */
public sealed interface Optimizer permits Adam, AdamW {
  /** Lower-case name, as recorded with a run. */
  String name();

  /** The highest learning rate; a {@link LearningRate} schedule scales it. */
  double learningRate();

  /** Decay of the mean of gradients. */
  double beta1();

  /** Decay of the mean of squared gradients. */
  double beta2();

  /** What keeps the division finite. */
  double epsilon();

  /** How strongly weights are drawn to zero. */
  double weightDecay();

  /** The settings by name, as recorded with a run. */
  default Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("name", name());
    settings.put("learning_rate", Double.toString(learningRate()));
    settings.put("beta1", Double.toString(beta1()));
    settings.put("beta2", Double.toString(beta2()));
    settings.put("epsilon", Double.toString(epsilon()));
    settings.put("weight_decay", Double.toString(weightDecay()));
    return settings;
  }
}
