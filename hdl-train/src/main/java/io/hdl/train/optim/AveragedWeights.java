package io.hdl.train.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.model.TorchFunctions;

/**
 * The exponential moving average of a model's weights, beside them on their device. Not
 * thread-safe; belongs to the thread that trains.
 */
public final class AveragedWeights implements AutoCloseable {
  private final WeightAveraging averaging;
  private final FlatParameters parameters;
  private final NDManager manager;
  private final TorchFunctions functions;
  private final NDArray average;
  private long updates;

  AveragedWeights(WeightAveraging averaging, FlatParameters parameters) {
    this.averaging = averaging;
    this.parameters = parameters;
    manager = parameters.flat().getManager().newSubManager();
    try {
      functions = new TorchFunctions(FlatSgd.class, "flat_functions.pt", manager);
      average = parameters.flat().duplicate();
      average.attach(manager);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** Takes in the weights as they are after a step. */
  public void update() {
    try (IValue to = IValue.from((PtNDArray) average);
        IValue from = IValue.from((PtNDArray) parameters.flat());
        IValue share = IValue.from(1 - averaging.decay(updates))) {
      functions.call("average", to, from, share).close();
    }
    updates++;
  }

  /** How many steps were taken in. */
  public long updates() {
    return updates;
  }

  /** A copy of the average, in the order of the flat weights. */
  public float[] toArray() {
    return average.toFloatArray();
  }

  /**
   * Goes on from a saved average.
   *
   * @param values what {@link #toArray} gave
   * @param updatesDone what {@link #updates} gave
   */
  public void restore(float[] values, long updatesDone) {
    if (values.length != average.size()) {
      throw new IllegalArgumentException(
          "average: " + values.length + " values (expected: " + average.size() + ")");
    }
    try (NDArray source = manager.create(values)) {
      average.set(new NDIndex(":"), source);
    }
    updates = updatesDone;
  }

  @Override
  public void close() {
    functions.close();
    manager.close();
  }
}
