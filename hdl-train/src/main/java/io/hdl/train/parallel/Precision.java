package io.hdl.train.parallel;

import ai.djl.Device;
import io.hdl.core.environment.Gpu;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.Problems;
import io.hdl.train.model.ForecastModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * In which number format a training computes; weights, gradients, the loss and what the optimizer
 * keeps are always float32, and so is what validation, evaluation and forecasts compute.
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
  /**
   * Mixed precision: in training linear layers read and write bfloat16 numbers (8 bits of
   * mantissa), forward and backward, and sum up in float32; all else stays float32. For N-BEATS,
   * N-HiTS, PatchTST (its attention stays float32), TiDE and TSMixer; on processors with
   * instructions for it (avx512_bf16 or amx_bf16) and GPUs of compute capability 8.0 or higher.
   * Gradients need no scaling, as the exponent is that of float32. On the CPU it is faster with
   * some hundred windows per micro-batch, and slower with less. The same bits for any number of
   * replicas where {@link Determinism#portable} gives them in float32, but other bits on another
   * kind of processor.
   */
  BFLOAT16,
  /** Half precision; not to be had, as its gradients need their loss scaled. */
  FLOAT16;

  static final String TF32_VARIABLE = "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE";

  private static final double LEAST_CAPABILITY = 8.0;

  /** Adds why training a model in this format is not possible anywhere, if it is not. */
  public void check(ForecastModel model, Problems problems) {
    if (this == FLOAT16) {
      problems.add(
          "precision: FLOAT16 (expected: FLOAT32, BFLOAT16, or TF32 on GPUs; gradients in half"
              + " precision vanish unless their loss is scaled, and bfloat16 needs no such thing)");
    }
    if (this == BFLOAT16) {
      model
          .notBfloat16()
          .ifPresent(
              why ->
                  problems.add(
                      "precision: BFLOAT16 with the model "
                          + model.name()
                          + " (expected: FLOAT32, as "
                          + why
                          + ")"));
    }
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
    check(environment, devices, variables, ProcessorFlags.here(), problems);
  }

  void check(
      HybridEnvironment environment,
      List<Device> devices,
      Map<String, String> variables,
      ProcessorFlags processor,
      Problems problems) {
    if (this == TF32) {
      problems.require(
          "1".equals(variables.get(TF32_VARIABLE)),
          () ->
              "precision: TF32 (expected: "
                  + TF32_VARIABLE
                  + "=1 in the environment; set it before the process starts, or choose FLOAT32)");
    }
    if (this != TF32 && this != BFLOAT16) {
      return;
    }
    for (Device device : devices) {
      Optional<String> problem =
          this == BFLOAT16 && !device.isGpu()
              ? processor.withoutBfloat16()
              : withoutCapability(environment, device);
      problem.ifPresent(text -> problems.add("precision: " + this + " on " + device + text));
    }
  }

  private static Optional<String> withoutCapability(HybridEnvironment environment, Device device) {
    String found = capability(environment, device);
    if (device.isGpu() && isEnough(found)) {
      return Optional.empty();
    }
    return Optional.of(
        " (expected: a GPU of compute capability 8.0 or higher, this one has "
            + (found.isEmpty() ? "none that is known" : found)
            + "; choose other devices or FLOAT32)");
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
      return Double.parseDouble(capability) >= LEAST_CAPABILITY;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
