package io.hdl.train.parallel;

import ai.djl.Device;
import io.hdl.core.environment.Gpu;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.Problems;
import java.util.List;
import java.util.Map;

/**
 * In which number format a training computes; weights, gradients and what the optimizer keeps are
 * always float32.
 *
 * <p>{@link #FLOAT32} is what PyTorch means by it: on GPUs since Ampere cuDNN computes convolutions
 * and recurrent layers with TF32 even so, and matrix products if {@code
 * TORCH_ALLOW_TF32_CUBLAS_OVERRIDE=1} is set.
 */
public enum Precision {
  /** IEEE single precision throughout. */
  FLOAT32,
  /**
   * Matrix products of float32 numbers with 10 bits of mantissa, on GPUs of compute capability 8.0
   * or higher. DJL has no switch for it: {@code TORCH_ALLOW_TF32_CUBLAS_OVERRIDE=1} has to be set
   * in the environment of the process.
   */
  TF32,
  /** Forward and backward in bfloat16; not to be had with this engine. */
  BFLOAT16,
  /** Forward and backward in half precision; not to be had with this engine. */
  FLOAT16;

  static final String TF32_VARIABLE = "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE";

  private static final double TF32_CAPABILITY = 8.0;

  /** Adds why training in this format is not possible anywhere, if it is not. */
  public void check(Problems problems) {
    problems.require(
        this == FLOAT32 || this == TF32,
        () ->
            "precision: "
                + this
                + " (expected: FLOAT32, or TF32 on GPUs; DJL 0.35.1 offers no autocast outside"
                + " TorchScript"
                + (this == BFLOAT16
                    ? ", and a cast to bfloat16 on the CPU ends the JVM"
                    : ", and gradients in half precision need its loss scaling")
                + ")");
  }

  /**
   * Adds why training in this format is not possible on a machine, if it is not.
   *
   * @param environment the machine
   * @param devices what is trained on
   * @param variables the process's environment variables
   */
  public void check(
      HybridEnvironment environment,
      List<Device> devices,
      Map<String, String> variables,
      Problems problems) {
    if (this != TF32) {
      return;
    }
    problems.require(
        "1".equals(variables.get(TF32_VARIABLE)),
        () ->
            "precision: TF32 (expected: "
                + TF32_VARIABLE
                + "=1 in the environment; set it before the process starts, or choose FLOAT32)");
    for (Device device : devices) {
      String found = capability(environment, device);
      problems.require(
          device.isGpu() && isEnough(found),
          () ->
              "precision: TF32 on "
                  + device
                  + " (expected: a GPU of compute capability 8.0 or higher, this one has "
                  + (found.isEmpty() ? "none that is known" : found)
                  + "; choose other devices or FLOAT32)");
    }
  }

  private static String capability(HybridEnvironment environment, Device device) {
    return environment.gpus().stream()
        .filter(gpu -> device.isGpu() && gpu.index() == device.getDeviceId())
        .map(Gpu::computeCapability)
        .findFirst()
        .orElse("");
  }

  private static boolean isEnough(String capability) {
    try {
      return Double.parseDouble(capability) >= TF32_CAPABILITY;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
