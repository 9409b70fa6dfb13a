package io.hdl.train.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.model.WindowShape;
import java.util.function.BiFunction;

/** A Block of a weight of two axes and a bias, whose value {@code i} of 12 begins at cos(i). */
final class TwoArrays extends AbstractBlock {
  static final int SPLIT = 8;
  static final int SIZE = 12;

  /** With float32 arrays. */
  TwoArrays() {
    this(TwoArrays::cosines);
  }

  /** With a weight of one's own. */
  TwoArrays(BiFunction<NDManager, Shape, NDArray> weight) {
    add("weight", Parameter.Type.WEIGHT, new Shape(2, 4), weight);
    add("bias", Parameter.Type.BIAS, new Shape(SIZE - SPLIT), TwoArrays::cosines);
  }

  private void add(
      String name, Parameter.Type kind, Shape shape, BiFunction<NDManager, Shape, NDArray> first) {
    addParameter(
        Parameter.builder()
            .setName(name)
            .setType(kind)
            .optShape(shape)
            .optInitializer((manager, of, type) -> first.apply(manager, of))
            .build());
  }

  private static NDArray cosines(NDManager manager, Shape shape) {
    int from = shape.dimension() == 2 ? 0 : SPLIT;
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.cos(from + i);
    }
    return manager.create(values, shape);
  }

  FlatParameters on(NDManager manager) {
    return new FlatParameters(this, new WindowShape(3, 2, 0, 0, 0, 1), manager);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return inputShapes;
  }
}
