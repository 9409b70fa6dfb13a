package io.hdl.core.environment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What NVML told about this machine.
 *
 * @param gpus the GPUs in the driver's order
 * @param driverVersion version of the driver, if there is one
 * @param cudaVersion newest CUDA version that the driver serves, if there is one
 * @param absence why there are no GPUs, in words that follow "because"; empty if there are some
 */
record NvidiaInventory(
    List<Gpu> gpus,
    Optional<String> driverVersion,
    Optional<String> cudaVersion,
    Optional<String> absence) {
  private static final Logger LOG = LoggerFactory.getLogger(NvidiaInventory.class);

  /** Loads NVML. */
  @FunctionalInterface
  interface Loader {
    NvmlLibrary load() throws NvmlException;
  }

  NvidiaInventory {
    gpus = List.copyOf(gpus);
  }

  static NvidiaInventory none(String absence) {
    return new NvidiaInventory(List.of(), Optional.empty(), Optional.empty(), Optional.of(absence));
  }

  /**
   * Asks NVML, but only where the driver has left a trace: loading JNA costs a tenth of a second
   * and, from JDK 24 on, a warning about native access.
   */
  static NvidiaInventory ofThisMachine() {
    return driverIsThere() ? read(JnaNvml::load) : none("no NVIDIA driver is installed");
  }

  /** Asks NVML; a machine without it, or on which it fails, has no GPUs. */
  static NvidiaInventory read(Loader loader) {
    try {
      NvmlLibrary nvml = loader.load();
      nvml.init();
      try {
        return read(nvml);
      } finally {
        nvml.shutdown();
      }
    } catch (NvmlException e) {
      LOG.debug("No NVIDIA GPU through NVML", e);
      return none(String.valueOf(e.getMessage()));
    }
  }

  private static NvidiaInventory read(NvmlLibrary nvml) throws NvmlException {
    int count = nvml.deviceCount();
    List<Gpu> gpus = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      NvmlLibrary.Device device = nvml.device(i);
      gpus.add(
          new Gpu(
              i, device.name(), device.uuid(), device.memoryBytes(), device.computeCapability()));
    }
    int cuda = nvml.cudaDriverVersion();
    return new NvidiaInventory(
        gpus,
        Optional.of(nvml.driverVersion()),
        Optional.of(cuda / 1000 + "." + cuda % 1000 / 10),
        gpus.isEmpty() ? Optional.of("the driver knows no GPU") : Optional.empty());
  }

  private static boolean driverIsThere() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (os.startsWith("windows")) {
      String root = System.getenv("SystemRoot");
      return root != null && Files.exists(Path.of(root, "System32", "nvml.dll"));
    }
    return os.equals("linux")
        && (Files.exists(Path.of("/dev/nvidiactl"))
            || Files.exists(Path.of("/proc/driver/nvidia"))
            || Files.exists(Path.of("/dev/dxg")));
  }
}
