package io.hdl.train.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import io.hdl.train.model.TorchFunctions;

/**
 * What is done to many arrays in one native call, in place, without leaving an array behind: a
 * TorchScript module whose source, {@code tensor_lists.py}, lies beside its archive. Thread-safe as
 * far as the arrays are.
 */
public final class TensorLists implements AutoCloseable {
  private final TorchFunctions functions;

  /** Loads the functions; the manager has to outlive them. */
  public TensorLists(NDManager manager) {
    functions = new TorchFunctions(TensorLists.class, "tensor_lists.pt", manager);
  }

  /** Writes each array of {@code from} into the one of the same place, on any device. */
  public void copy(NDList to, NDList from) {
    call("copy", to, from);
  }

  /** Adds each array of {@code from} to the one of the same place, on the same device. */
  public void add(NDList to, NDList from) {
    call("add", to, from);
  }

  /** Writes zeros, also over what is not finite. */
  public void zero(NDList arrays) {
    try (IValue list = TorchFunctions.list(arrays)) {
      functions.call("zero", list).close();
    }
  }

  private void call(String function, NDList to, NDList from) {
    try (IValue target = TorchFunctions.list(to);
        IValue source = TorchFunctions.list(from)) {
      functions.call(function, target, source).close();
    }
  }

  @Override
  public void close() {
    functions.close();
  }
}
