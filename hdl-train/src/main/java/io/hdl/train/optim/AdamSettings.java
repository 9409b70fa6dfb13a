package io.hdl.train.optim;

import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers that Adam and AdamW share. */
record AdamSettings(
    String name,
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay) {
  Map<String, String> toMap() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("name", name);
    settings.put("learning_rate", Double.toString(learningRate));
    settings.put("beta1", Double.toString(beta1));
    settings.put("beta2", Double.toString(beta2));
    settings.put("epsilon", Double.toString(epsilon));
    settings.put("weight_decay", Double.toString(weightDecay));
    return settings;
  }
}
