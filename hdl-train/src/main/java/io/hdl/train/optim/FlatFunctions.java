package io.hdl.train.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.io.InputStream;

/**
 * What is done to flat buffers in one native call each, in place: a small TorchScript archive whose
 * source, {@code flat_functions.py}, lies beside it. Not thread-safe.
 */
final class FlatFunctions implements AutoCloseable {
  private static final String ARCHIVE = "flat_functions.pt";

  private final PtSymbolBlock functions;

  /**
   * Loads the archive.
   *
   * @param manager owns what is loaded
   */
  FlatFunctions(NDManager manager) {
    try (InputStream archive = FlatFunctions.class.getResourceAsStream(ARCHIVE)) {
      if (archive == null) {
        throw new HdlException(
            ErrorCode.INTERNAL,
            "Cannot find "
                + ARCHIVE
                + " beside "
                + FlatFunctions.class
                + ". Repair the hdl-train jar.");
      }
      functions = JniUtils.loadModule((PtNDManager) manager, archive, false, false);
    } catch (IOException e) {
      throw new HdlException(ErrorCode.INTERNAL, "Cannot read " + ARCHIVE, e);
    }
  }

  /** Scales a gradient so that its norm is at most a limit, and gives the norm before. */
  NDArray clip(NDArray gradient, double maxNorm) {
    try (IValue values = IValue.from((PtNDArray) gradient);
        IValue limit = IValue.from(maxNorm);
        IValue norm = IValueUtils.runMethod(functions, "clip", values, limit)) {
      return norm.toTensor((PtNDManager) gradient.getManager());
    }
  }

  /** One step of stochastic gradient descent with momentum on several arrays. */
  void sgd(
      PtNDArray[] weights,
      PtNDArray[] gradients,
      PtNDArray[] velocities,
      double rate,
      double momentum,
      double weightDecay,
      String form) {
    try (IValue w = IValue.listFrom(weights);
        IValue g = IValue.listFrom(gradients);
        IValue v = IValue.listFrom(velocities);
        IValue lr = IValue.from(rate);
        IValue mu = IValue.from(momentum);
        IValue decay = IValue.from(weightDecay)) {
      IValueUtils.runMethod(functions, form, w, g, v, lr, mu, decay).close();
    }
  }

  /** Moves an average towards values by a share of what lies between them. */
  void average(NDArray average, NDArray values, double share) {
    try (IValue to = IValue.from((PtNDArray) average);
        IValue from = IValue.from((PtNDArray) values);
        IValue by = IValue.from(share)) {
      IValueUtils.runMethod(functions, "average", to, from, by).close();
    }
  }

  @Override
  public void close() {
    functions.close();
  }
}
