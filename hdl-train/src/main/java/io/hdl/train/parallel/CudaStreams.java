package io.hdl.train.parallel;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The stream of each GPU on which libtorch computes, and calls on a GPU. Thread-safe. */
interface CudaStreams {
  /**
   * The stream on which the calling thread's work for a GPU is queued; {@code null} is CUDA's
   * default stream.
   */
  @Nullable Pointer current(int gpu);

  /** Makes a call while a GPU is the calling thread's current one. */
  int on(int gpu, IntSupplier call);

  /** Those of the libtorch that is loaded. */
  static CudaStreams ofTorch() {
    return new OfTorch();
  }

  /** Through the stable C interface of libtorch_cuda. */
  final class OfTorch implements CudaStreams {
    /** C functions of libtorch_cuda; the names are PyTorch's own. */
    interface Functions extends Library {
      int aoti_torch_get_current_cuda_stream(int device, PointerByReference stream);

      int aoti_torch_create_cuda_guard(int device, PointerByReference guard);

      int aoti_torch_delete_cuda_guard(Pointer guard);
    }

    private final Functions functions =
        Native.load(TorchLibrary.cudaFile().toString(), Functions.class, TorchLibrary.loadedOnly());

    private OfTorch() {}

    @Override
    public @Nullable Pointer current(int gpu) {
      PointerByReference stream = new PointerByReference();
      TorchLibrary.check(
          functions.aoti_torch_get_current_cuda_stream(gpu, stream),
          "aoti_torch_get_current_cuda_stream");
      return stream.getValue();
    }

    @Override
    public int on(int gpu, IntSupplier call) {
      PointerByReference guard = new PointerByReference();
      TorchLibrary.check(
          functions.aoti_torch_create_cuda_guard(gpu, guard), "aoti_torch_create_cuda_guard");
      try {
        return call.getAsInt();
      } finally {
        TorchLibrary.check(
            functions.aoti_torch_delete_cuda_guard(guard.getValue()),
            "aoti_torch_delete_cuda_guard");
      }
    }
  }
}
