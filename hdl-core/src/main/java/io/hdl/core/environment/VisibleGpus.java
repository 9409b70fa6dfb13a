package io.hdl.core.environment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Applies {@code CUDA_VISIBLE_DEVICES}, which CUDA obeys and NVML does not know (CUDA C++
 * Programming Guide, "CUDA Environment Variables"): a list of numbers and UUIDs, or beginnings of
 * UUIDs; what follows the first one that names no GPU is ignored. The GPUs left are numbered anew,
 * as CUDA does. A list with parts of GPUs ({@code MIG-...}) is left alone: the whole GPUs are told.
 */
final class VisibleGpus {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");

  private VisibleGpus() {}

  static List<Gpu> of(List<Gpu> all, Optional<String> variable) {
    if (variable.isEmpty() || variable.get().contains("MIG-")) {
      return all;
    }
    List<Gpu> visible = new ArrayList<>();
    for (String entry : variable.get().split(",", -1)) {
      Optional<Gpu> gpu = find(all, entry.strip());
      if (gpu.isEmpty()) {
        break;
      }
      visible.add(gpu.get());
    }
    List<Gpu> numbered = new ArrayList<>();
    for (Gpu gpu : visible) {
      numbered.add(
          new Gpu(
              numbered.size(), gpu.name(), gpu.uuid(), gpu.memoryBytes(), gpu.computeCapability()));
    }
    return numbered;
  }

  private static Optional<Gpu> find(List<Gpu> all, String entry) {
    if (NUMBER.matcher(entry).matches()) {
      int index = Integer.parseInt(entry);
      return all.stream().filter(gpu -> gpu.index() == index).findFirst();
    }
    String prefix = entry.toLowerCase(Locale.ROOT);
    return prefix.startsWith("gpu-")
        ? all.stream()
            .filter(gpu -> gpu.uuid().toLowerCase(Locale.ROOT).startsWith(prefix))
            .findFirst()
        : Optional.empty();
  }
}
