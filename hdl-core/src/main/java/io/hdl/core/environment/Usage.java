package io.hdl.core.environment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How busy the machine is, or the container if this process runs in one with limits.
 *
 * @param cpuPercent processors in use since the last reading, from 0 to 100; missing if the system
 *     does not tell
 * @param memoryBytes memory that there is, in bytes
 * @param usedBytes memory in use that could not be had back at once, in bytes: without the cache of
 *     files
 * @param heapUsedBytes the JVM's heap in use, in bytes
 * @param processBytes resident memory of this process, native libraries' too, in bytes; missing if
 *     the system does not tell
 * @param gpus the GPUs that this process sees
 */
public record Usage(
    OptionalDouble cpuPercent,
    long memoryBytes,
    long usedBytes,
    long heapUsedBytes,
    OptionalLong processBytes,
    List<GpuUsage> gpus) {
  /** Copies the list. */
  public Usage {
    gpus = List.copyOf(gpus);
  }

  /**
   * The numbers by name, in megabytes of 1,000,000 bytes, percent and watts. The names of what
   * MLflow's own monitor measures, too, are that monitor's: {@code cpu_utilization_percentage},
   * {@code system_memory_usage_megabytes}, {@code gpu_0_utilization_percentage} and so on.
   */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    cpuPercent.ifPresent(percent -> metrics.put("cpu_utilization_percentage", percent));
    metrics.put("system_memory_usage_megabytes", usedBytes / 1e6);
    if (memoryBytes > 0) {
      metrics.put("system_memory_usage_percentage", 100.0 * usedBytes / memoryBytes);
    }
    processBytes.ifPresent(bytes -> metrics.put("process_memory_usage_megabytes", bytes / 1e6));
    metrics.put("jvm_heap_usage_megabytes", heapUsedBytes / 1e6);
    gpus.forEach(gpu -> metrics.putAll(gpu.metrics()));
    return metrics;
  }
}
