package io.hdl.train.parallel;

import ai.djl.Device;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which devices a training uses: one replica of the model on each. Immutable. */
public final class Devices {
  private static final String NO_GPU =
      " On a machine without GPUs choose Devices.auto() or Devices.cpu(); on one with GPUs bring"
          + " libtorch's CUDA build and check the driver with nvidia-smi.";

  private enum Choice {
    AUTO,
    ALL,
    SOME,
    CPU
  }

  private final Choice choice;
  private final List<Integer> gpus;
  private final int replicas;

  private Devices(Choice choice, List<Integer> gpus, int replicas) {
    this.choice = choice;
    this.gpus = gpus;
    this.replicas = replicas;
  }

  /**
   * All GPUs if there are any, else the CPU. On a machine that is an NVIDIA host by {@code
   * HOST_NVIDIA=true} a missing GPU is an error.
   */
  public static Devices auto() {
    return new Devices(Choice.AUTO, List.of(), 1);
  }

  /** All GPUs; having none is an error. */
  public static Devices all() {
    return new Devices(Choice.ALL, List.of(), 1);
  }

  /**
   * Certain GPUs.
   *
   * @param indices numbers by which CUDA knows them, from 0, none twice
   * @throws IllegalArgumentException if there are none, a negative one or one twice
   */
  public static Devices gpus(int... indices) {
    Set<Integer> distinct = new LinkedHashSet<>();
    for (int index : indices) {
      if (index < 0 || !distinct.add(index)) {
        throw new IllegalArgumentException(
            "gpus: " + Arrays.toString(indices) + " (expected: distinct numbers >= 0)");
      }
    }
    if (distinct.isEmpty()) {
      throw new IllegalArgumentException("gpus: [] (expected: at least one number)");
    }
    return new Devices(Choice.SOME, List.copyOf(distinct), 1);
  }

  /** The CPU, whatever else there is. */
  public static Devices cpu() {
    return cpu(1);
  }

  /**
   * The CPU with several replicas of the model, one thread each: the way of several GPUs on a
   * machine without any. The threads of libtorch are shared out among them.
   *
   * @param replicas number of replicas, at least 1
   * @throws IllegalArgumentException if there is none
   */
  public static Devices cpu(int replicas) {
    if (replicas < 1) {
      throw new IllegalArgumentException("replicas: " + replicas + " (expected: >= 1)");
    }
    return new Devices(Choice.CPU, List.of(), replicas);
  }

  /**
   * The devices that this choice means on a machine, one for each replica.
   *
   * @param environment the machine, as hdl-core found it
   * @throws HdlException with {@link ErrorCode#ENVIRONMENT_MISMATCH} if a device that was asked for
   *     is missing
   */
  public List<Device> resolve(HybridEnvironment environment) {
    return resolve(environment.kind());
  }

  /** The same for a kind of machine. */
  public List<Device> resolve(HybridEnvironment.Kind kind) {
    return resolve(kind, choice == Choice.CPU ? 0 : TorchEngine.gpuCount());
  }

  List<Device> resolve(HybridEnvironment.Kind kind, int available) {
    boolean mustHaveGpu =
        choice == Choice.ALL
            || (choice == Choice.AUTO && kind == HybridEnvironment.Kind.NVIDIA_HOST);
    if (mustHaveGpu && available == 0) {
      throw new HdlException(
          ErrorCode.ENVIRONMENT_MISMATCH,
          "Cannot train on "
              + (choice == Choice.ALL ? "all GPUs" : "an NVIDIA host's GPUs")
              + ": PyTorch sees none."
              + NO_GPU);
    }
    return switch (choice) {
      case CPU -> Collections.nCopies(replicas, Device.cpu());
      case AUTO, ALL -> available == 0 ? List.of(Device.cpu()) : gpuRange(available);
      case SOME -> named(available);
    };
  }

  private static List<Device> gpuRange(int count) {
    return IntStream.range(0, count).mapToObj(Device::gpu).toList();
  }

  private List<Device> named(int available) {
    List<Device> devices = new ArrayList<>();
    for (int index : gpus) {
      if (index >= available) {
        throw new HdlException(
            ErrorCode.ENVIRONMENT_MISMATCH,
            "Cannot train on GPU "
                + index
                + ": PyTorch sees "
                + (available == 0 ? "none." : "only 0 to " + (available - 1) + ".")
                + NO_GPU);
      }
      devices.add(Device.gpu(index));
    }
    return devices;
  }

  @Override
  public String toString() {
    return switch (choice) {
      case AUTO -> "auto";
      case ALL -> "all";
      case CPU -> replicas == 1 ? "cpu" : "cpu(" + replicas + ")";
      case SOME ->
          gpus.stream().map(String::valueOf).collect(Collectors.joining(", ", "gpus(", ")"));
    };
  }
}
