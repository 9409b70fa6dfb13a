package io.hdl.core.environment;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Memory in use: of the control group of this process, if that has a limit (Linux, "Control Group
 * v2", memory interface files; v1 where there is no v2), else of the machine.
 */
final class MemoryUse {
  /** Without the cache of files, which the kernel gives back as it is asked. */
  record Reading(long totalBytes, long usedBytes) {}

  private final Path root;

  /** Reads {@code proc} and {@code sys} below a folder. */
  MemoryUse(Path root) {
    this.root = root;
  }

  Reading read() {
    Optional<Reading> machine = ofMachine();
    long most = machine.map(Reading::totalBytes).orElse(Long.MAX_VALUE);
    return ofGroup()
        .filter(group -> group.totalBytes() < most)
        .or(() -> machine)
        .orElseGet(MemoryUse::ofJvm);
  }

  /** Resident memory of this process. */
  OptionalLong ofThisProcess() {
    return text("proc/self/status")
        .flatMap(text -> field(text, "VmRSS"))
        .map(kibibytes -> OptionalLong.of(kibibytes * 1024))
        .orElseGet(OptionalLong::empty);
  }

  private Optional<Reading> ofMachine() {
    return text("proc/meminfo")
        .flatMap(
            text ->
                field(text, "MemTotal")
                    .flatMap(
                        total ->
                            field(text, "MemAvailable")
                                .map(left -> new Reading(total * 1024, (total - left) * 1024))));
  }

  private Optional<Reading> ofGroup() {
    for (String group : groups("0::")) {
      String folder = "sys/fs/cgroup" + group;
      Optional<Reading> v2 =
          reading(folder, "/memory.max", "/memory.current", "/memory.stat", "inactive_file");
      if (v2.isPresent()) {
        return v2;
      }
    }
    for (String group : groups("memory:")) {
      String folder = "sys/fs/cgroup/memory" + group;
      Optional<Reading> v1 =
          reading(
              folder,
              "/memory.limit_in_bytes",
              "/memory.usage_in_bytes",
              "/memory.stat",
              "total_inactive_file");
      if (v1.isPresent()) {
        return v1;
      }
    }
    return Optional.empty();
  }

  private Optional<Reading> reading(
      String folder, String limit, String current, String stat, String cache) {
    Optional<Long> total = text(folder + limit).flatMap(MemoryUse::number);
    Optional<Long> used = text(folder + current).flatMap(MemoryUse::number);
    if (total.isEmpty() || used.isEmpty()) {
      return Optional.empty(); // "max" is no number: the group has no limit
    }
    long cached = text(folder + stat).flatMap(text -> field(text, cache)).orElse(0L);
    return Optional.of(new Reading(total.get(), Math.max(0, used.get() - cached)));
  }

  /** The group of this process by its path, and the root: in a container the path is outside. */
  private List<String> groups(String mark) {
    return text("proc/self/cgroup").stream()
        .flatMap(String::lines)
        .filter(line -> line.contains(mark))
        .map(line -> line.substring(line.indexOf(mark) + mark.length()))
        .filter(path -> path.startsWith("/") && !path.contains(".."))
        .map(path -> path.equals("/") ? "" : path)
        .findFirst()
        .map(path -> path.isEmpty() ? List.of("") : List.of(path, ""))
        .orElse(List.of(""));
  }

  private static Reading ofJvm() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      long total = system.getTotalMemorySize();
      return new Reading(total, total - system.getFreeMemorySize());
    }
    Runtime jvm = Runtime.getRuntime();
    return new Reading(jvm.maxMemory(), jvm.totalMemory() - jvm.freeMemory());
  }

  private Optional<String> text(String path) {
    Path file = root.resolve(path);
    try {
      return Files.isReadable(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<Long> field(String text, String name) {
    Matcher line =
        Pattern.compile("^" + Pattern.quote(name) + ":?\\s+(\\d+)", Pattern.MULTILINE)
            .matcher(text);
    return line.find() ? number(line.group(1)) : Optional.empty();
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.parseLong(text.strip()));
    } catch (NumberFormatException none) {
      return Optional.empty();
    }
  }
}
