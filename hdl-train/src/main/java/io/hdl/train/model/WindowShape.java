package io.hdl.train.model;

/**
 * The sizes that a model is built for.
 *
 * @param context steps that it sees
 * @param horizon steps that it forecasts
 * @param pastFeatures values per step of the context, beside the target
 * @param knownFeatures values per step of the horizon
 * @param constants values per series
 * @param outputs values that it gives per step: one, or one per quantile
 */
public record WindowShape(
    int context, int horizon, int pastFeatures, int knownFeatures, int constants, int outputs) {
  /** Checks that context, horizon and outputs are positive and the rest is not negative. */
  public WindowShape {
    atLeast("context", context, 1);
    atLeast("horizon", horizon, 1);
    atLeast("pastFeatures", pastFeatures, 0);
    atLeast("knownFeatures", knownFeatures, 0);
    atLeast("constants", constants, 0);
    atLeast("outputs", outputs, 1);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }
}
