package io.hdl.train.optim;

import io.hdl.train.model.FlatParameters;
import java.util.Map;

/** How gradients change the weights. Implementations are immutable values. */
public interface Optimizer {
  /** Lower-case name, as recorded with a run. */
  String name();

  /** The highest learning rate; a schedule scales it. */
  double learningRate();

  /** The settings by name, as recorded with a run. */
  Map<String, String> settings();

  /**
   * Begins to change the weights of a model, with a state of zeros.
   *
   * @param parameters the weights; must outlive what is given back
   */
  FlatOptimizer on(FlatParameters parameters);
}
