package io.hdl.tracking;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How long calls held up the thread that made them.
 *
 * @param wall from before to after them
 * @param waited what of that the thread neither computed nor waited for a core: it waited for
 *     locks, disks and peers. Other programs on the machine hardly change it. Where the operating
 *     system does not tell, it is as long as {@code wall}
 */
record HeldUp(Duration wall, Duration waited) {
  static final HeldUp NOT = new HeldUp(Duration.ZERO, Duration.ZERO);

  /** Nanoseconds that the thread which reads it spent on a core, and waiting for one. */
  private static final Path SCHEDULED = Path.of("/proc/thread-self/schedstat");

  /** Some calls. */
  interface Calls {
    void make() throws Exception;
  }

  /** Makes calls and looks how long they take. */
  static HeldUp by(Calls calls) throws Exception {
    long scheduled = scheduled();
    long start = System.nanoTime();
    calls.make();
    long wall = System.nanoTime() - start;
    long busy = scheduled() - scheduled;
    return new HeldUp(Duration.ofNanos(wall), Duration.ofNanos(Math.max(0, wall - busy)));
  }

  private static long scheduled() {
    try {
      List<String> numbers = Splitter.on(' ').splitToList(Files.readString(SCHEDULED));
      return Long.parseLong(numbers.get(0)) + Long.parseLong(numbers.get(1));
    } catch (IOException notTold) {
      return 0;
    }
  }

  HeldUp plus(HeldUp other) {
    return new HeldUp(wall.plus(other.wall), waited.plus(other.waited));
  }
}
