package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.testing.MlflowServer;
import io.hdl.tracking.outbox.Leftovers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the process of a tracked job again and again, lets it finish, and looks at what a real
 * server has. {@code -Dhdl.kills=50} kills it more often, {@code -Dhdl.seed} at other moments.
 */
class KilledJobIT {
  private static final int KILLS = Integer.getInteger("hdl.kills", 5);
  private static final long SEED = Long.getLong("hdl.seed", 20_261_122);
  private static final int LATEST_MILLIS = 5000;

  @TempDir Path home;

  @Test
  void hasEverythingOfItsRunsExactlyOnce() throws Exception {
    Random random = new Random(SEED);
    int killed = 0;
    int finished = 0;
    try (MlflowServer server = MlflowServer.shared()) {
      while (killed < KILLS) {
        Process job = start(server);
        try {
          if (job.waitFor(300 + random.nextInt(LATEST_MILLIS), TimeUnit.MILLISECONDS)) {
            assertThat(job.exitValue()).as(err()).isZero();
            finished++; // it was faster, and the next one begins a new run
          } else {
            killed++;
          }
        } finally {
          job.destroyForcibly();
          assertThat(job.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
      }
      Process last = start(server);
      assertThat(last.waitFor(3, TimeUnit.MINUTES)).isTrue();
      assertThat(last.exitValue()).as(err()).isZero();
      finished++;

      assertThat(Leftovers.below(home)).isEmpty();
      StoredRuns runs = StoredRuns.read(server.uri(), KilledJob.JOB);
      System.err.printf(
          "%d kills (seed %d) of jobs: %d runs finished, %d at the server%n",
          killed, SEED, finished, runs.mains().size());
      assertThat(runs.mains()).hasSize(directories());
      runs.mains().forEach(main -> check(main, runs));
      assertThat(runs.nested()).hasSize(runs.mains().size() * (KilledJob.EPOCHS + 2));
    }
  }

  private static void check(StoredRuns.Stored main, StoredRuns runs) {
    StoredRun run = main.run();
    assertThat(run.status()).isEqualTo("FINISHED");
    assertThat(main.doubled()).isEmpty();
    assertThat(run.points("own")).isEqualTo(points(1, KilledJob.EPOCHS * KilledJob.STEPS));
    assertThat(run.points("train_loss")).hasSize(KilledJob.EPOCHS);
    assertThat(run.points("test_wape")).hasSize(1);
    assertThat(run.inputs()).hasSize(1);
    assertThat(run.artifacts()).containsKeys("model/weights", "provenance.json");
    for (int epoch = 1; epoch <= KilledJob.EPOCHS; epoch++) {
      assertThat(run.params()).containsEntry("p" + epoch, "v" + epoch);
      assertThat(run.artifacts()).containsEntry("notes/note-" + epoch, "note " + epoch);
      String name = "window-" + epoch;
      List<StoredRuns.Stored> windows =
          runs.below(main.id()).stream().filter(below -> below.name().equals(name)).toList();
      assertThat(windows).as(name).hasSize(1);
      assertThat(windows.get(0).run().points("share"))
          .isEqualTo(points((epoch - 1L) * KilledJob.STEPS + 1, (long) epoch * KilledJob.STEPS));
    }
    assertThat(runs.below(main.id()))
        .allSatisfy(
            below -> {
              assertThat(below.run().status()).as(below.name()).isEqualTo("FINISHED");
              assertThat(below.doubled()).as(below.name()).isEmpty();
            });
  }

  private static List<StoredRun.Point> points(long from, long to) {
    return LongStream.rangeClosed(from, to)
        .mapToObj(step -> new StoredRun.Point(KilledJob.value(step), step))
        .toList();
  }

  private int directories() throws Exception {
    try (Stream<Path> runs = Files.list(home.resolve(KilledJob.JOB))) {
      return (int) runs.filter(run -> Files.exists(run.resolve("run.json"))).count();
    }
  }

  private Process start(MlflowServer server) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            KilledJob.class.getName(),
            home.toString(),
            server.uri().toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(home.resolveSibling(home.getFileName() + ".err").toFile())
        .start();
  }

  private String err() throws Exception {
    return Files.readString(home.resolveSibling(home.getFileName() + ".err"));
  }
}
