package io.hdl.train.parallel;

import ai.djl.util.Utils;
import com.sun.jna.NativeLibrary;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Helps DJL find CUDA's runtime library, by which it counts the GPUs: beside the libtorch that
 * PYTORCH_LIBRARY_PATH names, or where Python's packages put it ({@code nvidia/cuda_runtime/lib}).
 * Without it DJL sees no GPU.
 */
final class CudaRuntime {
  private CudaRuntime() {}

  /** To be called before DJL looks, and of no effect later. */
  static void addSearchPaths() {
    String paths = Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH");
    if (paths == null) {
      return;
    }
    for (String path : paths.split(File.pathSeparator, -1)) {
      Path named = Path.of(path).toAbsolutePath();
      Path folder = Files.isDirectory(named) ? named : named.getParent();
      if (folder != null) {
        folders(folder).forEach(one -> NativeLibrary.addSearchPath("cudart", one.toString()));
      }
    }
  }

  /** Of a folder such as {@code site-packages/torch/lib}. */
  private static List<Path> folders(Path libtorch) {
    Path packages = libtorch.resolve("../../nvidia/cuda_runtime/lib").normalize();
    return List.of(libtorch, packages).stream().filter(Files::isDirectory).toList();
  }
}
