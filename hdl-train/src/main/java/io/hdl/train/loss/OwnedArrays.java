package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Arrays of host-side values whose memory is the engine's own. What {@code NDManager.create} gives
 * on the CPU reads a Java buffer that the garbage collector may take back while the backward pass
 * still needs it. That holds for {@code array.mul(2)} and its like, too: the number becomes such an
 * array, which is closed at once. Whatever a gradient passes through takes its numbers from here.
 */
public final class OwnedArrays {
  private OwnedArrays() {}

  /** An array of the values, in the manager. */
  public static NDArray of(NDManager manager, float[] values, Shape shape) {
    try (NDArray borrowed = manager.create(values, shape)) {
      return borrowed.duplicate();
    }
  }

  /** An array of one axis. */
  public static NDArray of(NDManager manager, float... values) {
    return of(manager, values, new Shape(values.length));
  }

  /** A number with the type, device and manager of another array. */
  public static NDArray number(double value, NDArray like) {
    return like.getManager().ones(new Shape(), like.getDataType()).muli(value);
  }
}
