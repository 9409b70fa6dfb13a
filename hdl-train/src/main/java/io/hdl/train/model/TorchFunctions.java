package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The functions of one TorchScript archive: what would take many calls through JNI takes one. The
 * source of an archive lies beside it under the same name, ending in {@code .py}, and makes it when
 * it is run. Thread-safe as far as the arrays are.
 */
public final class TorchFunctions implements AutoCloseable {
  private final NDManager manager;
  private final PtSymbolBlock module;
  private final Map<String, NDArray> names = new ConcurrentHashMap<>();

  /**
   * Loads an archive.
   *
   * @param beside the class that the archive lies beside
   * @param archive file name
   * @param manager has to outlive the functions, which work on any device
   */
  public TorchFunctions(Class<?> beside, String archive, NDManager manager) {
    this.manager = manager;
    try (InputStream content = beside.getResourceAsStream(archive)) {
      if (content == null) {
        throw new HdlException(
            ErrorCode.INTERNAL,
            "Cannot find " + archive + " beside " + beside + ". Repair the hdl-train jar.");
      }
      module = JniUtils.loadModule((PtNDManager) manager, content, false, false);
    } catch (IOException e) {
      throw new HdlException(ErrorCode.INTERNAL, "Cannot read " + archive, e);
    }
  }

  /**
   * Calls the module's {@code forward}, whose results can be part of what a gradient is computed
   * through; they belong to the manager of the first input.
   */
  public NDList apply(NDList inputs) {
    return IValueUtils.forward(module, inputs, true);
  }

  /**
   * Calls another function of an array and of lists of arrays, whose results can be part of what a
   * gradient is computed through; they belong to the manager of the first input.
   */
  public NDList apply(String function, NDArray input, NDList... lists) {
    NDList inputs = new NDList(input);
    for (int i = 0; i < lists.length; i++) {
      // DJL makes a list of the arrays of one name, and calls what a last one is named after.
      String name = "list" + i + "[]";
      for (NDArray array : lists[i]) {
        array.setName(name);
        inputs.add(array);
      }
    }
    inputs.add(names.computeIfAbsent(function, this::named));
    return IValueUtils.forward(module, inputs, true);
  }

  private NDArray named(String function) {
    NDArray name = manager.create(0f);
    name.setName("module_method:" + function);
    return name;
  }

  /**
   * Calls another function, for what it changes in place: its results cannot be part of what a
   * gradient is computed through. The result is the caller's to close.
   */
  public IValue call(String function, IValue... arguments) {
    return IValueUtils.runMethod(module, function, arguments);
  }

  /** A list as an argument; it has to be closed. */
  public static IValue list(NDList arrays) {
    PtNDArray[] list = new PtNDArray[arrays.size()];
    for (int i = 0; i < list.length; i++) {
      list[i] = (PtNDArray) arrays.get(i);
    }
    return IValue.listFrom(list);
  }

  /** A list of the arrays at some places, as an argument; it has to be closed. */
  public static IValue list(NDList arrays, List<Integer> places) {
    PtNDArray[] list = new PtNDArray[places.size()];
    for (int i = 0; i < list.length; i++) {
      list[i] = (PtNDArray) arrays.get(places.get(i));
    }
    return IValue.listFrom(list);
  }

  @Override
  public void close() {
    names.values().forEach(NDArray::close);
    module.close();
  }
}
