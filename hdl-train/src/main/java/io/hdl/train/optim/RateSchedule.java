package io.hdl.train.optim;

import java.util.Map;

/**
 * A learning-rate schedule at work in one training. Not thread-safe; belongs to the thread that
 * trains.
 */
@FunctionalInterface
public interface RateSchedule {
  /**
   * What the optimizer's learning rate is multiplied by.
   *
   * @param step number of the step, from 0
   */
  double factor(long step);

  /**
   * Hears of the end of an epoch that was validated; by default nothing changes.
   *
   * @param validationLoss mean loss over the validation part
   */
  default void epochFinished(double validationLoss) {}

  /** What has to be kept with a checkpoint, by name; by default nothing. */
  default Map<String, Double> state() {
    return Map.of();
  }

  /**
   * Goes on from a saved state.
   *
   * @param state what {@link #state} gave
   */
  default void restore(Map<String, Double> state) {}
}
