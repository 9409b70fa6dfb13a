package io.hdl.train.optim;

import ai.djl.ndarray.NDList;
import java.util.Map;

/**
 * An optimizer at work on one flat buffer of weights, on its device and in place. Not thread-safe;
 * belongs to the thread of the replica whose weights it changes.
 */
public interface FlatOptimizer extends AutoCloseable {
  /**
   * Clips and changes the weights by one step.
   *
   * @param gradients the gradient as one array per weight array, in the order of {@link
   *     io.hdl.train.model.FlatParameters#shapes}; may be changed in place
   * @param maxNorm the largest norm of the whole gradient; 0 for no limit
   * @param factor what the learning rate is multiplied by
   */
  void step(NDList gradients, double maxNorm, double factor);

  /** Steps done so far. */
  long steps();

  /**
   * Steps that changed the weights: fewer than {@link #steps} if an optimizer that keeps the state
   * before a gradient that is not finite has met one. Waits for the device.
   */
  default long applied() {
    return steps();
  }

  /** Number of values in all arrays of the state. */
  default long stateSize() {
    return 0;
  }

  /** Copies of the state's arrays by name, such as Adam's two moments. */
  Map<String, float[]> state();

  /**
   * Goes on from a saved state.
   *
   * @param arrays what {@link #state} gave
   * @param stepsDone what {@link #steps} gave
   */
  void restore(Map<String, float[]> arrays, long stepsDone);

  @Override
  void close();
}
