package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** Computing in float64 and back. DJL's {@code toType} leaves the gradient behind; these do not. */
final class Float64 {
  private Float64() {}

  /** The same values in float64. */
  static NDArray of(NDArray array) {
    return array.mul(array.getManager().ones(new Shape(1), DataType.FLOAT64));
  }

  /** The same values in float32. */
  static NDArray narrowed(NDArray array) {
    return array.getDataType() == DataType.FLOAT64
        ? array.getManager().zeros(array.getShape(), DataType.FLOAT32).addi(array)
        : array;
  }
}
