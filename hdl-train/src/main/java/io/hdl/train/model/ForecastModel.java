package io.hdl.train.model;

import ai.djl.nn.Block;
import java.util.Map;

/**
 * A forecasting model's specification: an immutable value that makes a DJL Block for the sizes of a
 * data set. A model of one's own implements this interface; its Block takes the arrays of {@link
 * ForecastInputs} and gives one array {@code [batch, horizon, outputs]}.
 */
public interface ForecastModel {
  /** Lower-case name, as recorded with a run and in a saved model. */
  String name();

  /** The settings by name, as recorded with a run and in a saved model. */
  Map<String, String> settings();

  /** Whether the model makes use of covariates and constants; default yes. */
  default boolean seesCovariates() {
    return true;
  }

  /**
   * A fresh Block, not yet initialised.
   *
   * @param window the sizes it has to fit
   * @param seed what its initial weights come from: the same seed gives the same weights
   */
  Block block(WindowShape window, long seed);
}
