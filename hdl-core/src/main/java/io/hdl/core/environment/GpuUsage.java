package io.hdl.core.environment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How busy a GPU is. What its driver does not tell (of a part of a GPU, or of a virtual one) is
 * missing.
 *
 * @param index number by which CUDA knows it in this process
 * @param memoryBytes memory in bytes
 * @param usedBytes memory in use by all processes, in bytes
 * @param utilizationPercent share of the last moments in which a kernel ran, from 0 to 100
 * @param powerWatts electrical power
 */
public record GpuUsage(
    int index,
    long memoryBytes,
    OptionalLong usedBytes,
    OptionalDouble utilizationPercent,
    OptionalDouble powerWatts) {

  /** The numbers by the names that MLflow gives them, such as {@code gpu_0_power_usage_watts}. */
  Map<String, Double> metrics() {
    String prefix = "gpu_" + index + "_";
    Map<String, Double> metrics = new LinkedHashMap<>();
    utilizationPercent.ifPresent(
        percent -> metrics.put(prefix + "utilization_percentage", percent));
    usedBytes.ifPresent(
        used -> {
          metrics.put(prefix + "memory_usage_megabytes", used / 1e6);
          if (memoryBytes > 0) {
            metrics.put(prefix + "memory_usage_percentage", 100.0 * used / memoryBytes);
          }
        });
    powerWatts.ifPresent(watts -> metrics.put(prefix + "power_usage_watts", watts));
    return metrics;
  }
}
