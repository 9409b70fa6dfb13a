package io.hdl.core.environment;

import io.hdl.core.environment.HybridEnvironment.Kind;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides what a machine is: the variable {@code HOST_NVIDIA} first, else what was found. */
final class HostRules {
  static final String HOT = "cache.hot";
  static final String WARM = "cache.warm";

  private static final long PINNED_BYTES_PER_GPU = 2L << 30;

  private HostRules() {}

  static HybridEnvironment decide(
      Map<String, String> variables, NvidiaInventory found, int cpus, long memoryBytes) {
    Optional<String> visible = Optional.ofNullable(variables.get("CUDA_VISIBLE_DEVICES"));
    List<Gpu> gpus = VisibleGpus.of(found.gpus(), visible);
    Optional<Boolean> declared = declared(variables.get("HOST_NVIDIA"));
    Kind kind = declared.orElse(false) ? Kind.NVIDIA_HOST : Kind.GENERIC_HOST;
    String rule =
        declared.map(value -> "HOST_NVIDIA=" + value).orElse("HOST_NVIDIA is not set")
            + "; "
            + inWords(found, gpus, visible);
    return new HybridEnvironment(
        kind,
        rule,
        gpus,
        found.driverVersion(),
        found.cudaVersion(),
        cpus,
        memoryBytes,
        kind == Kind.NVIDIA_HOST ? effects(variables, gpus.size(), cpus, memoryBytes) : Map.of());
  }

  static int hostThreads(Kind kind, int cpus, int gpus) {
    return kind == Kind.NVIDIA_HOST ? Math.max(1, cpus - gpus) : Math.max(1, cpus);
  }

  static long pinnedBufferBytes(Kind kind, long memoryBytes, int gpus) {
    return kind == Kind.NVIDIA_HOST ? Math.min(memoryBytes / 16, gpus * PINNED_BYTES_PER_GPU) : 0;
  }

  private static Optional<Boolean> declared(@Nullable String value) {
    if (value == null || value.isBlank()) {
      return Optional.empty();
    }
    return switch (value.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default ->
          throw new HdlException(
              ErrorCode.INVALID_SETTINGS,
              "HOST_NVIDIA: \""
                  + value
                  + "\" (expected: true, false, or not set). Set it to true on a host whose NVIDIA"
                  + " GPUs must be used, else unset it.");
    };
  }

  private static String inWords(NvidiaInventory found, List<Gpu> gpus, Optional<String> visible) {
    if (found.gpus().isEmpty()) {
      return "no NVIDIA GPU found: " + found.absence().orElse("the driver knows none");
    }
    if (gpus.size() == found.gpus().size()) {
      return count(gpus.size()) + " found";
    }
    return count(found.gpus().size())
        + " found, CUDA_VISIBLE_DEVICES=\""
        + visible.orElse("")
        + "\" leaves "
        + gpus.size();
  }

  private static String count(int gpus) {
    return gpus == 1 ? "1 NVIDIA GPU" : gpus + " NVIDIA GPUs";
  }

  private static Map<String, String> effects(
      Map<String, String> variables, int gpus, int cpus, long memoryBytes) {
    Map<String, String> effects = new LinkedHashMap<>();
    effects.put("devices", "all GPUs (" + gpus + ")");
    effects.put("missing_gpu", "error");
    folder(variables, "HDL_HOT").ifPresent(folder -> effects.put(HOT, folder));
    folder(variables, "HDL_WARM").ifPresent(folder -> effects.put(WARM, folder));
    effects.put("host_threads", Integer.toString(hostThreads(Kind.NVIDIA_HOST, cpus, gpus)));
    effects.put(
        "pinned_buffer_bytes",
        Long.toString(pinnedBufferBytes(Kind.NVIDIA_HOST, memoryBytes, gpus)));
    return effects;
  }

  private static Optional<String> folder(Map<String, String> variables, String name) {
    String value = variables.get(name);
    if (value == null || value.isBlank()) {
      return Optional.empty();
    }
    try {
      if (Path.of(value).isAbsolute()) {
        return Optional.of(value);
      }
    } catch (InvalidPathException e) {
      throw noFolder(name, value);
    }
    throw noFolder(name, value);
  }

  private static HdlException noFolder(String name, String value) {
    return new HdlException(
        ErrorCode.INVALID_SETTINGS,
        name + ": \"" + value + "\" (expected: an absolute path of a folder, or not set)");
  }
}
