package io.hdl.core.environment;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The machine a job runs on: an on-premises NVIDIA host or any other.
 *
 * <p>{@code HOST_NVIDIA=true} declares an NVIDIA host. There all GPUs are the default devices, a
 * missing GPU is an error instead of a fall-back to the CPU, the cache tiers default to {@code
 * HDL_HOT} and {@code HDL_WARM}, and threads and pinned buffers are sized for the box. Everywhere
 * else GPUs are used if there are any, and nothing has to be set.
 *
 * <pre>{@code
 * HybridEnvironment environment = HybridEnvironment.detect();
 * environment.requireGpus();
 * }</pre>
 *
 * @param kind what the machine is taken for
 * @param decidedBy the rule that decided it, for people
 * @param gpus the GPUs found, by index
 * @param driverVersion version of the NVIDIA driver, if there is one
 * @param cudaVersion newest CUDA version that the driver serves, if there is one
 * @param cpus processors available to this process
 * @param memoryBytes physical memory in bytes
 * @param effects what {@code HOST_NVIDIA} changed, by name: devices, cache tiers, threads; empty on
 *     a generic host
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

  /** Copies the collections and keeps their order. */
  public HybridEnvironment {
    gpus = List.copyOf(gpus);
    effects = Collections.unmodifiableMap(new LinkedHashMap<>(effects));
  }

  /**
   * Looks at this machine. Takes a few milliseconds where there is no NVIDIA driver.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} if {@code HOST_NVIDIA} is neither
   *     {@code true} nor {@code false}
   */
  public static HybridEnvironment detect() {
    return detect(System.getenv());
  }

  /** Looks at this machine under other environment variables. */
  public static HybridEnvironment detect(Map<String, String> variables) {
    return HostRules.decide(
        variables,
        NvidiaInventory.ofThisMachine(),
        Runtime.getRuntime().availableProcessors(),
        Host.memoryBytes());
  }

  /**
   * Refuses an NVIDIA host without GPUs.
   *
   * @throws HdlException with {@link ErrorCode#ENVIRONMENT_MISMATCH} if {@code HOST_NVIDIA=true}
   *     and no GPU was found
   */
  public void requireGpus() {
    if (kind == Kind.NVIDIA_HOST && gpus.isEmpty()) {
      throw new HdlException(
          ErrorCode.ENVIRONMENT_MISMATCH,
          "Cannot use the GPUs of this host: "
              + decidedBy
              + ". Install the driver so that nvidia-smi lists the GPUs, hand them to the container"
              + " (--gpus all), or set HOST_NVIDIA=false to train on the CPU.");
    }
  }

  /** The folder of the hot cache tier that this host names, if it names one. */
  public Optional<Path> hotTier() {
    return Optional.ofNullable(effects.get(HostRules.HOT)).map(Path::of);
  }

  /** The folder of the warm cache tier that this host names, if it names one. */
  public Optional<Path> warmTier() {
    return Optional.ofNullable(effects.get(HostRules.WARM)).map(Path::of);
  }

  /** How many threads read and decode data: the processors, on an NVIDIA host less one per GPU. */
  public int hostThreads() {
    return HostRules.hostThreads(kind, cpus, gpus.size());
  }

  /**
   * The most pinned host memory that transfers to the GPUs may take, in bytes: on an NVIDIA host 2
   * GiB for each GPU, but at most a sixteenth of the memory; 0 on a generic host.
   */
  public long pinnedBufferBytes() {
    return HostRules.pinnedBufferBytes(kind, memoryBytes, gpus.size());
  }

  /** Everything above by name, for a run's provenance, with host name and operating system. */
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("hostname", Host.name());
    facts.put("os", Host.operatingSystem());
    facts.put("cpus", Integer.toString(cpus));
    facts.put("memory", gibibytes(memoryBytes));
    facts.put("kind", kind.name().toLowerCase(Locale.ROOT));
    facts.put("decided_by", decidedBy);
    driverVersion.ifPresent(version -> facts.put("nvidia_driver", version));
    cudaVersion.ifPresent(version -> facts.put("cuda_driver", version));
    for (Gpu gpu : gpus) {
      facts.put(
          "gpu." + gpu.index(),
          gpu.name()
              + ", "
              + gibibytes(gpu.memoryBytes())
              + ", compute capability "
              + gpu.computeCapability()
              + ", "
              + gpu.uuid());
    }
    effects.forEach((name, effect) -> facts.put("effect." + name, effect));
    return facts;
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }
}
