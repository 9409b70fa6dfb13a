package io.hdl.train.optim;

import java.util.Locale;
import java.util.Map;

/** The numbers that Adam and AdamW share. */
record AdamSettings(
    String name,
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    DecayScope decayScope) {
  Map<String, String> toMap() {
    return NamedSettings.map(name, this::putInto);
  }

  private void putInto(Map<String, String> settings) {
    settings.put("learning_rate", Double.toString(learningRate));
    settings.put("beta1", Double.toString(beta1));
    settings.put("beta2", Double.toString(beta2));
    settings.put("epsilon", Double.toString(epsilon));
    settings.put("weight_decay", Double.toString(weightDecay));
    settings.put("decay_scope", decayScope.name().toLowerCase(Locale.ROOT));
  }
}
