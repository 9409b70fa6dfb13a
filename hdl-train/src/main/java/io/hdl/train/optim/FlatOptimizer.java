package io.hdl.train.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.Map;

/**
 * An optimizer at work on one flat buffer of weights, on its device and in place. Not thread-safe;
 * belongs to the thread of the replica whose weights it changes.
 */
public interface FlatOptimizer extends AutoCloseable {
  /**
   * Scales a gradient down, in place, so that its Euclidean norm is at most {@code maxNorm}.
   *
   * @param gradient the flat gradient {@code [n]}
   * @param maxNorm the largest norm, more than 0
   * @return the norm before clipping, a scalar that stays on the device and belongs to the
   *     gradient's manager
   */
  NDArray clip(NDArray gradient, double maxNorm);

  /**
   * Changes the weights by one step.
   *
   * @param gradient the flat gradient {@code [n]}
   * @param factor what the learning rate is multiplied by, from the schedule
   */
  void step(NDArray gradient, double factor);

  /**
   * Clips and changes the weights by one step.
   *
   * @param gradients the gradient as one array per weight array, in the order of {@link
   *     io.hdl.train.model.FlatParameters#shapes}; may be changed in place
   * @param maxNorm the largest norm of the whole gradient; 0 for no limit
   * @param factor what the learning rate is multiplied by
   */
  default void step(NDList gradients, double maxNorm, double factor) {
    try (NDList parts = new NDList()) {
      gradients.forEach(part -> parts.add(part.reshape(-1)));
      try (NDArray flat = NDArrays.concat(parts)) {
        if (maxNorm > 0) {
          clip(flat, maxNorm).close();
        }
        step(flat, factor);
      }
    }
  }

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
