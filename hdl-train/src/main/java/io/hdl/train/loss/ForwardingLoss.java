package io.hdl.train.loss;

import io.hdl.core.error.Problems;
import java.util.List;
import java.util.Optional;

/** A loss that forecasts as another one does, and differs from it in how labels count. */
interface ForwardingLoss extends Loss {
  /** The loss that it forecasts as. */
  Loss loss();

  @Override
  default int outputs() {
    return loss().outputs();
  }

  @Override
  default int levelOutputs() {
    return loss().levelOutputs();
  }

  @Override
  default Optional<Distribution> distribution() {
    return loss().distribution();
  }

  @Override
  default List<Double> quantiles() {
    return loss().quantiles();
  }

  @Override
  default boolean hasUnit() {
    return loss().hasUnit();
  }

  @Override
  default void check(int horizon, Problems problems) {
    loss().check(horizon, problems);
  }

  @Override
  default void forecast(
      float[] output, int at, float location, float scale, float[] values, int to) {
    loss().forecast(output, at, location, scale, values, to);
  }

  @Override
  default void forecast(float[] samples, float[] values, int to) {
    loss().forecast(samples, values, to);
  }
}
