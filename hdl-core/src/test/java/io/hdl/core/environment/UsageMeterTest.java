package io.hdl.core.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageMeterTest {
  @TempDir Path root;

  @Test
  void readsThisMachine() {
    try (UsageMeter meter = UsageMeter.open(machine(List.of()))) {
      Usage usage = meter.read();
      assertThat(usage.memoryBytes()).isPositive();
      assertThat(usage.usedBytes()).isPositive().isLessThan(usage.memoryBytes());
      assertThat(usage.heapUsedBytes()).isPositive();
      assertThat(usage.cpuPercent().orElse(0)).isBetween(0.0, 100.0);
      assertThat(usage.gpus()).isEmpty();
    }
  }

  @Test
  void readsTheMemoryOfTheMachine() throws IOException {
    meminfo();
    assertThat(usage().usedBytes()).isEqualTo(600 * 1024);
    assertThat(usage().memoryBytes()).isEqualTo(1000 * 1024);
    assertThat(usage().processBytes()).hasValue(77 * 1024);
  }

  @Test
  void readsTheMemoryOfAContainerWithoutTheCacheOfFiles() throws IOException {
    meminfo();
    file("sys/fs/cgroup/memory.max", "500000\n");
    file("sys/fs/cgroup/memory.current", "300000\n");
    file("sys/fs/cgroup/memory.stat", "anon 1\ninactive_file 100000\nactive_file 7\n");
    assertThat(usage().usedBytes()).isEqualTo(200_000);
    assertThat(usage().memoryBytes()).isEqualTo(500_000);
  }

  @Test
  void findsTheGroupOfThisProcess() throws IOException {
    meminfo();
    file("proc/self/cgroup", "0::/user.slice/job.service\n");
    file("sys/fs/cgroup/user.slice/job.service/memory.max", "400000");
    file("sys/fs/cgroup/user.slice/job.service/memory.current", "50000");
    assertThat(usage().usedBytes()).isEqualTo(50_000);
  }

  @Test
  void readsTheOlderControlGroups() throws IOException {
    meminfo();
    file("proc/self/cgroup", "5:cpu,cpuacct:/docker/1\n4:memory:/docker/1\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "450000");
    file("sys/fs/cgroup/memory/memory.usage_in_bytes", "250000");
    file("sys/fs/cgroup/memory/memory.stat", "cache 9\ntotal_inactive_file 50000\n");
    assertThat(usage().usedBytes()).isEqualTo(200_000);
  }

  @Test
  void takesTheMachineWhereTheGroupHasNoLimitOrAHigherOne() throws IOException {
    meminfo();
    file("sys/fs/cgroup/memory.max", "max\n");
    file("sys/fs/cgroup/memory.current", "300000\n");
    assertThat(usage().memoryBytes()).isEqualTo(1000 * 1024);
    file("sys/fs/cgroup/memory.max", "9223372036854771712\n");
    assertThat(usage().memoryBytes()).isEqualTo(1000 * 1024);
  }

  @Test
  void doesWithoutTheSystemsFiles() {
    assertThat(usage().memoryBytes()).isPositive();
    assertThat(usage().processBytes()).isEmpty();
  }

  @Test
  void readsTheGpusThatThisProcessSeesUnderTheirOwnNumbers() {
    FakeNvml nvml = new FakeNvml(FakeNvml.gpus(4));
    Gpu third = FakeNvml.gpus(4).get(2);
    Gpu seen =
        new Gpu(0, third.name(), third.uuid(), third.memoryBytes(), third.computeCapability());
    try (UsageMeter meter = UsageMeter.open(machine(List.of(seen)), () -> nvml, root)) {
      assertThat(meter.read().gpus())
          .containsExactly(
              new GpuUsage(
                  0,
                  80L << 30,
                  OptionalLong.of(3_000_000_000L),
                  OptionalDouble.of(92),
                  OptionalDouble.of(250.502)));
    }
    assertThat(nvml.calls).last().isEqualTo("shutdown");
  }

  @Test
  void leavesOutWhatAGpuDoesNotTell() {
    FakeNvml nvml = new FakeNvml(FakeNvml.gpus(1)).failingAt("powerMilliwatts");
    try (UsageMeter meter = UsageMeter.open(machine(FakeNvml.gpus(1)), () -> nvml, root)) {
      assertThat(meter.read().metrics())
          .containsEntry("gpu_0_utilization_percentage", 90.0)
          .containsEntry("gpu_0_memory_usage_megabytes", 1000.0)
          .doesNotContainKey("gpu_0_power_usage_watts");
    }
  }

  @Test
  void doesWithoutGpusWhereNvmlFails() {
    FakeNvml nvml = new FakeNvml(FakeNvml.gpus(1)).failingAt("deviceCount");
    try (UsageMeter meter = UsageMeter.open(machine(FakeNvml.gpus(1)), () -> nvml, root)) {
      assertThat(meter.read().gpus()).isEmpty();
    }
    assertThat(nvml.calls).last().isEqualTo("shutdown");
  }

  @Test
  void namesItsNumbersAsMlflowsOwnMonitorDoes() {
    Map<String, Double> metrics =
        new Usage(
                OptionalDouble.of(42),
                200_000_000,
                50_000_000,
                7_000_000,
                OptionalLong.of(9_000_000),
                List.of(
                    new GpuUsage(
                        1,
                        4_000_000,
                        OptionalLong.of(1_000_000),
                        OptionalDouble.of(88),
                        OptionalDouble.of(300))))
            .metrics();
    assertThat(metrics)
        .containsEntry("cpu_utilization_percentage", 42.0)
        .containsEntry("system_memory_usage_megabytes", 50.0)
        .containsEntry("system_memory_usage_percentage", 25.0)
        .containsEntry("process_memory_usage_megabytes", 9.0)
        .containsEntry("jvm_heap_usage_megabytes", 7.0)
        .containsEntry("gpu_1_utilization_percentage", 88.0)
        .containsEntry("gpu_1_memory_usage_megabytes", 1.0)
        .containsEntry("gpu_1_memory_usage_percentage", 25.0)
        .containsEntry("gpu_1_power_usage_watts", 300.0)
        .hasSize(9);
    assertThat(metrics.get("system_memory_usage_percentage")).isCloseTo(25, within(1e-9));
  }

  private Usage usage() {
    try (UsageMeter meter =
        UsageMeter.open(machine(List.of()), () -> new FakeNvml(List.of()), root)) {
      return meter.read();
    }
  }

  private void meminfo() throws IOException {
    file(
        "proc/meminfo",
        "MemTotal:           1000 kB\nMemFree:             100 kB\nMemAvailable:        400 kB\n");
    file("proc/self/status", "Name:\tjava\nVmRSS:\t      77 kB\n");
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static HybridEnvironment machine(List<Gpu> gpus) {
    return new HybridEnvironment(
        HybridEnvironment.Kind.GENERIC_HOST,
        "a test's own choice",
        gpus,
        Optional.empty(),
        Optional.empty(),
        2,
        8L << 30,
        Map.of());
  }
}
