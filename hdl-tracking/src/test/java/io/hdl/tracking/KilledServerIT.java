package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.job.Artifact;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.run.RunEnd;
import io.hdl.core.testing.MlflowServer;
import io.hdl.core.testing.TestJobContext;
import io.hdl.tracking.outbox.Leftovers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a real server again and again while a run reports, starts it on its data each time, and
 * looks at what it has in the end. {@code -Dhdl.kills.server=20} kills it more often, {@code
 * -Dhdl.seed} at other moments.
 */
class KilledServerIT {
  private static final int KILLS = Integer.getInteger("hdl.kills.server", 3);
  private static final long SEED = Long.getLong("hdl.seed", 20_261_122);
  private static final int ROUND = 100;

  @TempDir Path folder;

  @Test
  void hasEverythingExactlyOnceThoughItWasKilled() throws Exception {
    Random random = new Random(SEED);
    TestJobContext context = TestJobContext.in(folder.resolve("home"), "killed-server", "run-1");
    ExecutorService training = Executors.newSingleThreadExecutor();
    AtomicBoolean over = new AtomicBoolean();
    try (MlflowServer server = MlflowServer.start()) {
      TrackedRun run =
          Mlflow.at(server.uri())
              .withoutSystemMetrics()
              .flushWithin(Duration.ofMinutes(8))
              .open(context.record(), context);
      Future<Integer> steps = training.submit(() -> train(run, over));
      for (int kill = 0; kill < KILLS; kill++) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(4000)));
        server.kill();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(1000)));
        server.restart();
      }
      over.set(true);
      int last = steps.get();
      run.finish(new RunEnd.Finished());
      run.close();
      assertThat(Leftovers.below(folder)).as("%s", context.events().warnings()).isEmpty();

      StoredRuns runs = StoredRuns.read(server.uri(), "killed-server");
      System.err.printf(
          "%d kills (seed %d) of the server: %d steps, %d nested runs%n",
          KILLS, SEED, last, runs.nested().size());
      assertThat(runs.mains()).hasSize(1);
      StoredRuns.Stored main = runs.mains().get(0);
      assertThat(main.run().status()).isEqualTo("FINISHED");
      assertThat(main.run().points("own")).isEqualTo(points(1, last));
      assertThat(runs.nested()).hasSize(last / ROUND);
      for (int round = 1; round <= last / ROUND; round++) {
        assertThat(main.run().params()).containsEntry("p" + round, "v" + round);
        assertThat(main.run().artifacts()).containsEntry("note-" + round, "note " + round);
        String name = "window-" + round;
        assertThat(runs.below(main.id()))
            .filteredOn(below -> below.name().equals(name))
            .singleElement()
            .satisfies(below -> assertThat(below.run().points("share")).hasSize(1))
            .satisfies(below -> assertThat(below.run().status()).isEqualTo("FINISHED"));
      }
    } finally {
      over.set(true);
      training.shutdownNow();
    }
  }

  /** Reports until it is stopped; tells how many steps that were. */
  private int train(TrackedRun run, AtomicBoolean over) throws Exception {
    int step = 0;
    while (!over.get()) {
      step++;
      run.metric("own", KilledJob.value(step), step);
      if (step % ROUND == 0) {
        int round = step / ROUND;
        run.nested("window-" + round).metric("share", round, round);
        run.params(Map.of("p" + round, "v" + round));
        Path note = Files.writeString(folder.resolve("note-" + round), "note " + round);
        run.artifact(new Artifact(Artifact.Kind.OTHER, "note-" + round, note));
      }
      LockSupport.parkNanos(20_000_000); // mlflow-client reads no history beyond 25,000 values
    }
    return step;
  }

  private static List<StoredRun.Point> points(long from, long to) {
    return LongStream.rangeClosed(from, to)
        .mapToObj(step -> new StoredRun.Point(KilledJob.value(step), step))
        .toList();
  }
}
