package io.hdl.train.optim;

import ai.djl.ndarray.NDList;
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

/** The functions of one TorchScript archive beside this class. */
final class TorchFunctions implements AutoCloseable {
  private final PtSymbolBlock module;

  /**
   * Loads an archive.
   *
   * @param archive file name
   * @param manager of the device
   */
  TorchFunctions(String archive, NDManager manager) {
    try (InputStream content = TorchFunctions.class.getResourceAsStream(archive)) {
      if (content == null) {
        throw new HdlException(
            ErrorCode.INTERNAL,
            "Cannot find "
                + archive
                + " beside "
                + TorchFunctions.class
                + ". Repair the hdl-train jar.");
      }
      module = JniUtils.loadModule((PtNDManager) manager, content, false, false);
    } catch (IOException e) {
      throw new HdlException(ErrorCode.INTERNAL, "Cannot read " + archive, e);
    }
  }

  /** Calls a function; the result is the caller's to close. */
  IValue call(String function, IValue... arguments) {
    return IValueUtils.runMethod(module, function, arguments);
  }

  /** A list as an argument; it has to be closed. */
  static IValue list(NDList arrays) {
    PtNDArray[] list = new PtNDArray[arrays.size()];
    for (int i = 0; i < list.length; i++) {
      list[i] = (PtNDArray) arrays.get(i);
    }
    return IValue.listFrom(list);
  }

  @Override
  public void close() {
    module.close();
  }
}
