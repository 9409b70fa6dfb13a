package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.testing.MlflowServer;
import io.hdl.core.testing.MlflowVersion;
import io.hdl.tracking.FaultRows.Row;
import io.hdl.tracking.FaultRows.Trial;
import io.hdl.tracking.FaultedRun.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every fault between a tracked run and a real server has the outcome that {@code docs/faults.md}
 * gives, and in the end the server has each item of the run, and each once. {@code
 * -Dhdl.faults.write=true} writes the tables anew, times included.
 */
class TrackingFaultsIT {
  /** How much longer than before a good link the training thread may wait, in sum. */
  private static final Duration TOLERANCE = Duration.ofMillis(200);

  /** The one wait for a server, at most 10 s: so that a run has its address from the beginning. */
  private static final Duration LONGEST_OPENING = Duration.ofSeconds(12);

  private static final Result NOT_TRIED = new Result(FaultPage.NONE, HeldUp.NOT);

  @TempDir private Path folder;
  private final boolean writes = Boolean.getBoolean("hdl.faults.write");
  private final List<String> failures = new ArrayList<>();

  @Test
  void everyFaultHasTheOutcomeThatThePageGives() throws Exception {
    List<FaultPage.Line> lines = lines(MlflowVersion.CURRENT);
    if (writes) {
      FaultPage.write(lines);
    }
    assertThat(lines)
        .extracting(FaultPage.Line::outcomes)
        .containsExactlyElementsOf(FaultPage.outcomes());
  }

  @Test
  void whatAServerHasToDoWithHasThatOutcomeAtTheOldestOneToo() throws Exception {
    List<String> expected = FaultPage.outcomes();
    for (FaultPage.Line line : lines(MlflowVersion.OLDEST)) {
      assertThat(expected).anyMatch(outcomes -> outcomes.startsWith(line.outcomeOnce() + "; "));
    }
  }

  /** The trials mostly wait; those whose times are written run one by one. */
  private List<FaultPage.Line> lines(MlflowVersion version) throws Exception {
    record Trying(Row row, Future<Result> once, Future<Result> forEver) {}
    ExecutorService threads = Executors.newFixedThreadPool(writes ? 1 : 6);
    try (MlflowServer server = MlflowServer.shared(version)) {
      // What classes take to be loaded is no wait for a server.
      Result unused =
          new FaultedRun(folder, server.uri(), server.version())
              .good(Set.of(ReportedRun.Part.values()));
      List<Trying> all = new ArrayList<>();
      for (Row row : FaultRows.of(folder, server, version == MlflowVersion.CURRENT)) {
        all.add(
            new Trying(
                row,
                threads.submit(() -> result(row, row.once())),
                threads.submit(() -> result(row, row.forEver()))));
      }
      List<FaultPage.Line> lines = new ArrayList<>();
      for (Trying each : all) {
        lines.add(
            new FaultPage.Line(
                each.row().table(),
                each.row().name(),
                each.once().get(),
                each.forEver().get(),
                each.row().note()));
      }
      assertThat(failures).isEmpty();
      trainingNeverWaited(lines);
      return lines;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private Result result(Row row, Optional<Trial> trial) {
    try {
      return trial.isEmpty() ? NOT_TRIED : trial.get().run();
    } catch (Exception | AssertionError e) {
      synchronized (failures) {
        failures.add(row.name() + ": " + e);
      }
      return NOT_TRIED.as("failed");
    }
  }

  /** Whatever the link does, calls keep the training thread as long as before a good link. */
  private static void trainingNeverWaited(List<FaultPage.Line> lines) {
    assertThat(lines.get(0).name()).isEqualTo("none");
    Duration good = lines.get(0).once().training().waited();
    Duration longest = Duration.ZERO;
    String where = "";
    for (FaultPage.Line line : lines) {
      for (Result result : List.of(line.once(), line.forEver())) {
        Duration waited = result.training().waited();
        if (waited.compareTo(longest) > 0) {
          longest = waited;
          where = line.name();
        }
        assertThat(waited).as(line.name()).isLessThan(good.plus(TOLERANCE));
        assertThat(result.opening().waited()).as(line.name()).isLessThan(LONGEST_OPENING);
      }
    }
    System.err.printf(
        "training thread: waited %.1f ms before a good link, at most %.1f ms otherwise (%s)%n",
        good.toNanos() / 1e6, longest.toNanos() / 1e6, where);
  }
}
