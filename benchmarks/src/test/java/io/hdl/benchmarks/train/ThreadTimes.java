package io.hdl.benchmarks.train;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * CPU time of this process's living threads so far, by what they are there for, as Linux counts it
 * in {@code /proc/self/task}; of the compiler's and the collector's too, which Java does not show.
 */
final class ThreadTimes {
  private static final Path TASKS = Path.of("/proc/self/task");

  /** What a thread is there for. */
  enum Part {
    /** The thread that trains, and puts values in. */
    TRAINING,
    /** Brings values to the log. */
    WRITER,
    /** Compiles. */
    COMPILER,
    /** Collects garbage. */
    COLLECTOR
  }

  private final Map<Part, Long> nanos = new EnumMap<>(Part.class);
  private final long process =
      ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();

  private ThreadTimes() {}

  /** The times now, on the thread that trains. */
  static ThreadTimes now() throws IOException {
    ThreadTimes times = new ThreadTimes();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        try {
          String name = Files.readString(task.resolve("comm"));
          String schedule = Files.readString(task.resolve("schedstat"));
          long spent = Long.parseLong(schedule.substring(0, schedule.indexOf(' ')));
          part(name).ifPresent(part -> times.nanos.merge(part, spent, Long::sum));
        } catch (IOException e) {
          // The thread has ended meanwhile.
        }
      }
    }
    long training = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    times.nanos.put(Part.TRAINING, training);
    return times;
  }

  /** Linux keeps 15 characters of a name. */
  private static Optional<Part> part(String name) {
    if (name.startsWith("hdl-tracking-wr") || name.startsWith("hdl-tracking-fs")) {
      return Optional.of(Part.WRITER);
    }
    if (name.startsWith("C1 ") || name.startsWith("C2 ") || name.startsWith("Sweeper")) {
      return Optional.of(Part.COMPILER);
    }
    return name.startsWith("GC ") || name.startsWith("G1 ") || name.startsWith("VM Thread")
        ? Optional.of(Part.COLLECTOR)
        : Optional.empty();
  }

  /** Seconds of the whole process since earlier times, threads that have ended included. */
  double since(ThreadTimes earlier) {
    return (process - earlier.process) / 1e9;
  }

  /** Seconds of a part since earlier times. */
  double since(ThreadTimes earlier, Part part) {
    return (nanos.getOrDefault(part, 0L) - earlier.nanos.getOrDefault(part, 0L)) / 1e9;
  }
}
