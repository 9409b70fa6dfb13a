package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.delivery.MlflowStub;
import io.hdl.tracking.delivery.ServerDestination;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.Leftovers;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxRun;
import io.hdl.tracking.outbox.OutboxSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that reports, again and again, and looks at what the server has in the end.
 * {@code -Dhdl.kills=50} kills it more often, {@code -Dhdl.seed} at other moments.
 */
class KilledTrainerTest {
  private static final int KILLS = Integer.getInteger("hdl.kills", 10);
  private static final long SEED = Long.getLong("hdl.seed", 20_261_122);
  private static final List<String> WAYS = List.of("signal", "after", "signal", "before");

  @TempDir Path folder;

  @Test
  void deliversEverythingAcknowledgedExactlyOnce() throws Exception {
    Random random = new Random(SEED);
    Path log = Files.createDirectories(folder.resolve("job/run/outbox"));
    KilledTrainer.Notes notes = KilledTrainer.Notes.open(folder.resolve("notes"));
    BitSet acknowledged = new BitSet();
    try (MlflowStub server = new MlflowStub()) {
      for (int kill = 0; kill < KILLS; kill++) {
        long before = notes.count();
        long died = kill(log, server, notes, random.nextLong(), WAYS.get(kill % WAYS.size()));
        long late = 2 * notes.lateness();
        for (long item = before; item < notes.count(); item++) {
          if (item < notes.persisted() || notes.time(item) < died - 50 - late) {
            acknowledged.set((int) item);
          }
        }
      }
      assertThat(notes.count()).isGreaterThan(100L * KILLS);
      deliverTheRest(log, server, notes.count());
      check(server, notes, acknowledged);
    }
  }

  /** Lets a process report until it dies; tells when that was, milliseconds since 1970. */
  private long kill(Path log, MlflowStub server, KilledTrainer.Notes notes, long seed, String way)
      throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledTrainer.class.getName(),
                log.toString(),
                folder.resolve("notes").toString(),
                server.uri().toString(),
                Long.toString(seed),
                way)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(folder.resolve("err").toFile())
            .start();
    try {
      long before = notes.count();
      while (notes.count() == before && process.isAlive()) {
        Thread.onSpinWait();
      }
      boolean ended = false;
      if (way.equals("signal")) {
        long moment = new Random(seed).nextInt(500);
        ended = process.waitFor(moment, TimeUnit.MILLISECONDS);
      } else {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return System.currentTimeMillis() - 1000; // it died by itself, who knows when
      }
      assertThat(ended).as(Files.readString(folder.resolve("err"))).isFalse();
      long died = System.currentTimeMillis();
      process.destroyForcibly();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return died;
    } finally {
      process.destroyForcibly();
    }
  }

  private static void deliverTheRest(Path log, MlflowStub server, long count) {
    try (Outbox outbox = Outbox.open(log, OutboxSettings.defaults(), new KilledTrainer.Silent())) {
      OutboxRun run = outbox.begin(KilledTrainer.RUN);
      for (long item = 0; item < count; item++) {
        // A metric that the log knows must not be there by chance.
        if (KilledTrainer.item(item) instanceof Item.Metric metric
            && run.reported(metric.key(), metric.step())
            && item % 997 == 0) {
          assertThat(run.reported(metric.key(), metric.step() + 1)).isFalse();
        }
      }
      boolean unused = run.put(new Item.End(Item.EndStatus.FINISHED, 5));
      outbox.deliverTo(
          ServerDestination.of(
              new TrackingServer(server.uri(), Credentials.none()), System.err::println));
      Outbox.Outcome outcome = outbox.finish(Duration.ofMinutes(3));
      assertThat(outcome.delivered()).as(outcome.toString()).isTrue();
    }
    assertThat(Leftovers.below(log)).isEmpty();
  }

  private static void check(MlflowStub server, KilledTrainer.Notes notes, BitSet acknowledged) {
    assertThat(server.created()).isEqualTo(1);
    MlflowStub.Kept run = server.runs().values().iterator().next();
    assertThat(run.status).isEqualTo("FINISHED");
    long known = 0;
    long missing = 0;
    for (long item = 0; item < notes.count(); item++) {
      boolean there =
          KilledTrainer.item(item) instanceof Item.Metric metric
              ? run.points.contains(
                  new MlflowStub.Point(
                      metric.key(), metric.timestamp(), metric.step(), metric.value()))
              : run.params.containsKey("p" + item);
      known += there ? 1 : 0;
      missing += !there && acknowledged.get((int) item) ? 1 : 0;
    }
    System.err.printf(
        "%d kills (seed %d): %,d items put in, %,d acknowledged, %,d there, lateness %d ms%n",
        KILLS, SEED, notes.count(), acknowledged.cardinality(), known, notes.lateness());
    assertThat(missing).as("acknowledged and missing").isZero();
    assertThat(run.points.size() + run.params.size()).as("nothing twice").isEqualTo((int) known);
    assertThat(acknowledged.cardinality()).isPositive();
  }
}
