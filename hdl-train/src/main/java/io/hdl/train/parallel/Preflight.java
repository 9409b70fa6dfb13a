package io.hdl.train.parallel;

import ai.djl.Device;
import io.hdl.core.environment.Compatibility;
import io.hdl.core.environment.CompatibilityMatrix;
import io.hdl.core.environment.Gpu;
import io.hdl.core.environment.HybridEnvironment;
import java.util.List;
import java.util.Map;

/**
 * Looks at libtorch, DJL's bridge to it, CUDA, the driver and the GPUs before any of them, or any
 * data, is touched. Downloads nothing. Thread-safe.
 */
public final class Preflight {
  private Preflight() {}

  /**
   * Judges this process on a machine.
   *
   * @param environment the machine, as hdl-core found it
   * @return what the compatibility matrix knows of it: nothing bad, perhaps something unknown
   * @throws io.hdl.core.error.HdlException with {@code ENVIRONMENT_MISMATCH} if DJL would download
   *     something or is known not to work here; the message tells what to change
   */
  public static Compatibility check(HybridEnvironment environment) {
    Compatibility compatibility = judge(LibtorchFiles.find(), environment);
    compatibility.requireNoneBad();
    return compatibility;
  }

  static Compatibility judge(LibtorchFiles files, HybridEnvironment environment) {
    Map<String, List<String>> facts = files.facts();
    if (facts.containsKey("cuda")) {
      environment.cudaVersion().ifPresent(version -> facts.put("cuda_driver", List.of(version)));
      List<String> capabilities =
          environment.gpus().stream().map(Gpu::computeCapability).distinct().toList();
      facts.put("compute_capability", capabilities);
    }
    return CompatibilityMatrix.shipped().judge(facts);
  }

  /**
   * Judges the NCCL that replicas on several GPUs exchange gradients with, if they do. To be called
   * when the engine runs: libtorch's own NCCL goes before all others.
   *
   * @return what the compatibility matrix knows of it; empty if no NCCL is needed
   * @throws io.hdl.core.error.HdlException with {@code ENVIRONMENT_MISMATCH} if there is none, or
   *     it is known not to work
   */
  public static Compatibility checkExchange(List<Device> devices, Determinism determinism) {
    if (!NcclCollective.fits(devices, determinism)) {
      return CompatibilityMatrix.shipped().judge(Map.of());
    }
    Compatibility compatibility = judge(NcclLibrary.find(), LibtorchFiles.find().libtorch());
    compatibility.requireNoneBad();
    return compatibility;
  }

  static Compatibility judge(NcclLibrary nccl, String libtorch) {
    return CompatibilityMatrix.shipped()
        .judge(Map.of("libtorch", List.of(libtorch), "nccl", List.of(nccl.version())));
  }
}
