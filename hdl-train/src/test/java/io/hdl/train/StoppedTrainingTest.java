package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.json.Json;
import io.hdl.core.storage.TemporaryName;
import io.hdl.core.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job whose process is killed or told to end, and continued by the next one. The system property
 * {@code hdl.kills} says how often it is killed; 20 takes some two minutes.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs POSIX signals")
class StoppedTrainingTest {
  private static final int KILL = 9;
  private static final int TERM = 15;
  private static final int INT = 2;
  private static final String NEVER = Long.toString(Duration.ofHours(1).toMillis());

  @TempDir Path folder;

  /** The bits of a run that nobody interrupts. */
  private String uninterrupted() {
    Path home = folder.resolve("whole");
    return StoppedTraining.run(home, Duration.ofHours(1), StoppedTraining.Blow.none(home));
  }

  private static ChildJvm.Result run(String... arguments) {
    return ChildJvm.run(StoppedTraining.class, Map.of(), arguments);
  }

  private static Path checkpoints(Path home) throws IOException {
    try (Stream<Path> runs = Files.list(home.resolve(StoppedTraining.JOB))) {
      List<Path> all = runs.filter(Files::isDirectory).toList();
      assertThat(all).describedAs("runs: each process continues the one before").hasSize(1);
      return all.get(0).resolve("checkpoints");
    }
  }

  /** The step of the newest checkpoint; 0 if there is none yet. */
  private static long newestStep(Path home) throws IOException {
    Path checkpoints = checkpoints(home);
    if (!Files.isDirectory(checkpoints)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(checkpoints)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("step-\\d+\\.safetensors"))
          .mapToLong(name -> Long.parseLong(name.replaceAll("\\D", "")))
          .max()
          .orElse(0);
    }
  }

  private static boolean hasHalfWritten(Path home) throws IOException {
    try (Stream<Path> files = Files.list(checkpoints(home))) {
      return files.anyMatch(file -> TemporaryName.matches(file.getFileName().toString()));
    }
  }

  @Test
  void endsWithTheBitsOfAnUninterruptedRunHoweverOftenItIsKilled() throws IOException {
    int kills = Integer.getInteger("hdl.kills", 4);
    long seed = Long.getLong("hdl.kills.seed", 5);
    SplittableRandom random = new SplittableRandom(seed);
    int steps = StoppedTraining.STEPS_PER_EPOCH * StoppedTraining.EPOCHS;
    long[] at = random.longs(kills, 1, steps - StoppedTraining.LATEST).sorted().toArray();
    Path home = folder.resolve("killed");
    int halfWritten = 0;
    long before = 0;
    for (int kill = 0; kill < kills; kill++) {
      // Every other one hits a checkpoint that is being written, at the chosen step or soon after.
      boolean writing = kill % 2 == 1;
      long within = Math.max(1, at[kill] - before + 1);
      String every = writing ? "1" : Integer.toString(random.nextInt(1, 40));
      ChildJvm.Result result =
          run(
              home.toString(),
              every,
              Integer.toString(KILL),
              writing ? "write" : "step",
              Long.toString(within));
      assertThat(result.exit())
          .describedAs("seed %d, kill %d: %s%s", seed, kill, result.out(), result.err())
          .isEqualTo(128 + KILL);
      halfWritten += writing && hasHalfWritten(home) ? 1 : 0;
      before = newestStep(home);
      assertThat(before).isLessThanOrEqualTo(steps);
    }
    assertThat(halfWritten).describedAs("kills inside a checkpoint's writing").isPositive();
    ChildJvm.Result last = run(home.toString(), NEVER);
    assertThat(last.out())
        .describedAs("seed %d: %s", seed, last.err())
        .contains("SHA-256 " + uninterrupted());
    assertThat(checkpoints(home)).isDirectoryNotContaining("glob:**.hdl-*");
  }

  @Test
  void writesACheckpointWhenToldToEndAndContinuesWithEqualBits() throws IOException {
    Path home = folder.resolve("told");
    int first = StoppedTraining.STEPS_PER_EPOCH + 5;
    ChildJvm.Result term = run(home.toString(), NEVER, Integer.toString(TERM), "step", "" + first);
    assertThat(term.exit()).describedAs(term.err()).isEqualTo(128 + TERM);
    long stoppedAt = newestStep(home);
    // Not the end of the epoch: the next boundary between two steps, or one soon after.
    assertThat(stoppedAt).isGreaterThanOrEqualTo(first).isLessThan(first + 9);
    Path record = checkpoints(home).resolveSibling("run.json");
    assertThat(Json.readObject(Files.readString(record), "run.json"))
        .containsEntry("state", "INTERRUPTED")
        .containsEntry(
            "error", "The job was cancelled: the process was asked to end (SIGTERM or Ctrl-C)");

    int signal = ignoresInterrupts() ? TERM : INT;
    ChildJvm.Result interrupt = run(home.toString(), NEVER, Integer.toString(signal), "step", "12");
    assertThat(interrupt.exit()).describedAs(interrupt.err()).isEqualTo(128 + signal);
    assertThat(newestStep(home)).isGreaterThanOrEqualTo(stoppedAt + 12);

    ChildJvm.Result last = run(home.toString(), NEVER);
    assertThat(last.out()).describedAs(last.err()).contains("SHA-256 " + uninterrupted());
  }

  /** Shells start what they run in the background so, and children inherit it. */
  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }
}
