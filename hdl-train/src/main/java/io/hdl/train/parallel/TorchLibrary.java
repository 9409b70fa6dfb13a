package io.hdl.train.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The libtorch that DJL has loaded, through its stable C interface ({@code aoti_torch}, {@code
 * torch/csrc/inductor/aoti_torch/c/shim.h}). Never loads a library that is not loaded already.
 * Thread-safe.
 */
final class TorchLibrary {
  /** {@code RTLD_LAZY}, local; JNA would make all symbols of libtorch global. */
  static final int LAZY = 1;

  /** {@code RTLD_LAZY | RTLD_NOLOAD}: fails if the library is not loaded. */
  static final int LOADED_ONLY = 5;

  /** C functions of libtorch_cpu; the names are PyTorch's own. */
  interface Tensors extends Library {
    int aoti_torch_get_data_ptr(Pointer tensor, PointerByReference data);
  }

  private TorchLibrary() {}

  /** The folder that libtorch was loaded from. */
  static Path folder() {
    TorchEngine.start();
    return Path.of(LibUtils.getLibtorchPath());
  }

  /**
   * How to bind a library that must be loaded already. Where the system has no such option the
   * library is opened by its path, which gives the loaded one.
   */
  static Map<String, Object> loadedOnly() {
    boolean linux = System.getProperty("os.name").startsWith("Linux");
    return Map.of(Library.OPTION_OPEN_FLAGS, linux ? LOADED_ONLY : LAZY);
  }

  private static final class Bound {
    static final Tensors TENSORS =
        Native.load(
            folder().resolve(System.mapLibraryName("torch_cpu")).toString(),
            Tensors.class,
            loadedOnly());

    private Bound() {}
  }

  /** The loaded library with CUDA's half of libtorch, which also brings or needs NCCL. */
  static NativeLibrary cuda() {
    return NativeLibrary.getInstance(cudaFile().toString(), loadedOnly());
  }

  static Path cudaFile() {
    return folder().resolve(System.mapLibraryName("torch_cuda"));
  }

  /**
   * Where a tensor's first value lies, on the CPU or on its GPU. Valid as long as the tensor.
   *
   * @param array float32, on any device
   */
  static Pointer address(NDArray array) {
    if (array.getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "array: " + array.getDataType() + " (expected: FLOAT32, as gradients are)");
    }
    // A handle of DJL is an at::Tensor*, which is what the C interface takes.
    Pointer tensor = new Pointer(((PtNDArray) array).getHandle());
    PointerByReference data = new PointerByReference();
    check(Bound.TENSORS.aoti_torch_get_data_ptr(tensor, data), "aoti_torch_get_data_ptr");
    return data.getValue();
  }

  static void check(int result, String function) {
    if (result != 0) {
      throw new HdlException(
          ErrorCode.INTERNAL,
          "Cannot reach into libtorch: "
              + function
              + " failed with "
              + result
              + ". Use the libtorch that docs/dependencies.md names.");
    }
  }
}
