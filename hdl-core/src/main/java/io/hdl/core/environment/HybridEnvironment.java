package io.hdl.core.environment;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The machine a job runs on: an on-premises NVIDIA host or any other.
 *
 * @param kind what the machine is taken for
 * @param decidedBy the rule that decided it, for people
 * @param gpus the GPUs found, by index
 * @param driverVersion version of the NVIDIA driver, if there is one
 * @param cudaVersion newest CUDA version that the driver serves, if there is one
 * @param cpus processors available to this process
 * @param memoryBytes physical memory in bytes
 * @param effects what {@code HOST_NVIDIA} changed, by name: devices, cache tiers, threads
 */
public record HybridEnvironment(
    Kind kind,
    String decidedBy,
    List<Gpu> gpus,
    Optional<String> driverVersion,
    Optional<String> cudaVersion,
    int cpus,
    long memoryBytes,
    Map<String, String> effects) {
  /** What a machine can be. */
  public enum Kind {
    /** An NVIDIA host: all GPUs are used, and a missing GPU is an error. */
    NVIDIA_HOST,
    /** Any other machine: GPUs are used if there are any, else the CPU. */
    GENERIC_HOST
  }

  /** Copies the collections. */
  public HybridEnvironment {
    gpus = List.copyOf(gpus);
    effects = Map.copyOf(effects);
  }
}
