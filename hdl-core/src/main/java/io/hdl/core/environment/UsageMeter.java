package io.hdl.core.environment;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads how busy this machine is: processors, memory, heap, and its GPUs through NVML. A reading
 * takes well under a millisecond without GPUs. A GPU that does not answer is left out. Thread-safe.
 */
public final class UsageMeter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UsageMeter.class);

  private final MemoryUse memory;
  private final @Nullable NvmlLibrary nvml;
  private final Map<Gpu, NvmlLibrary.Device> devices;
  private boolean open = true;

  private UsageMeter(
      MemoryUse memory, @Nullable NvmlLibrary nvml, Map<Gpu, NvmlLibrary.Device> devices) {
    this.memory = memory;
    this.nvml = nvml;
    this.devices = devices;
    OptionalDouble unused = cpuPercent(); // the first reading has nothing to count from
  }

  /**
   * A meter of this machine. NVML is loaded only if the machine has GPUs.
   *
   * @param machine whose GPUs are read: those that this process sees
   */
  public static UsageMeter open(HybridEnvironment machine) {
    return open(machine, JnaNvml::load, Path.of("/"));
  }

  /**
   * The same with another NVML and another place of the system's files.
   *
   * @param root where {@code proc} and {@code sys} lie
   */
  static UsageMeter open(HybridEnvironment machine, NvidiaInventory.Loader loader, Path root) {
    MemoryUse memory = new MemoryUse(root);
    if (machine.gpus().isEmpty()) {
      return new UsageMeter(memory, null, Map.of());
    }
    try {
      NvmlLibrary nvml = loader.load();
      nvml.init();
      try {
        return new UsageMeter(memory, nvml, devices(nvml, machine.gpus()));
      } catch (NvmlException e) {
        nvml.shutdown();
        throw e;
      }
    } catch (NvmlException e) {
      LOG.warn("How busy the GPUs are cannot be told: {}", e.getMessage());
      return new UsageMeter(memory, null, Map.of());
    }
  }

  /** NVML counts all GPUs of the machine; those of this process are known by their ids. */
  private static Map<Gpu, NvmlLibrary.Device> devices(NvmlLibrary nvml, List<Gpu> gpus)
      throws NvmlException {
    Map<String, NvmlLibrary.Device> all = new LinkedHashMap<>();
    int count = nvml.deviceCount();
    for (int i = 0; i < count; i++) {
      NvmlLibrary.Device device = nvml.device(i);
      all.put(device.uuid(), device);
    }
    Map<Gpu, NvmlLibrary.Device> seen = new LinkedHashMap<>();
    for (Gpu gpu : gpus) {
      NvmlLibrary.Device device = all.get(gpu.uuid());
      if (device != null) {
        seen.put(gpu, device);
      }
    }
    return seen;
  }

  /** Reads once; processors are counted from the reading before, at first from {@link #open}. */
  public synchronized Usage read() {
    MemoryUse.Reading system = memory.read();
    List<GpuUsage> gpus = new ArrayList<>();
    if (open) {
      devices.forEach((gpu, device) -> gpus.add(read(gpu, device)));
    }
    return new Usage(
        cpuPercent(),
        system.totalBytes(),
        system.usedBytes(),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        memory.ofThisProcess(),
        gpus);
  }

  private static GpuUsage read(Gpu gpu, NvmlLibrary.Device device) {
    Optional<Double> watts = ask(() -> device.powerMilliwatts() / 1000.0);
    Optional<Double> percent = ask(() -> (double) device.utilizationPercent());
    Optional<Long> used = ask(device::memoryUsedBytes);
    return new GpuUsage(
        gpu.index(),
        gpu.memoryBytes(),
        used.map(OptionalLong::of).orElseGet(OptionalLong::empty),
        percent.map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
        watts.map(OptionalDouble::of).orElseGet(OptionalDouble::empty));
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask() throws NvmlException;
  }

  private static <T> Optional<T> ask(Question<T> question) {
    try {
      return Optional.of(question.ask());
    } catch (NvmlException e) {
      return Optional.empty();
    }
  }

  private static OptionalDouble cpuPercent() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      double load = system.getCpuLoad();
      if (load >= 0) {
        return OptionalDouble.of(100 * Math.min(load, 1));
      }
    }
    return OptionalDouble.empty();
  }

  /** Gives NVML back; later readings have no GPUs. Idempotent. */
  @Override
  public synchronized void close() {
    NvmlLibrary library = nvml;
    if (open && library != null) {
      try {
        library.shutdown();
      } catch (NvmlException e) {
        LOG.debug("NVML does not shut down", e);
      }
    }
    open = false;
  }
}
