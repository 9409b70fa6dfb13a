package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.tracking.TrainerKills.Way;
import io.hdl.tracking.delivery.MlflowStub;
import io.hdl.tracking.outbox.Item;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that reports, again and again, and looks at what a stand-in for the server has in
 * the end; {@link KilledTrainerIT} does so before a real one. {@code -Dhdl.kills=50} kills it more
 * often, {@code -Dhdl.seed} at other moments.
 */
class KilledTrainerTest {
  private static final int KILLS = Integer.getInteger("hdl.kills", 10);
  private static final long SEED = Long.getLong("hdl.seed", 20_261_122);
  private static final List<Way> WAYS = List.of(Way.SIGNAL, Way.AFTER, Way.SIGNAL, Way.BEFORE);

  @TempDir Path folder;

  @Test
  void deliversEverythingAcknowledgedExactlyOnce() throws Exception {
    Random random = new Random(SEED);
    try (MlflowStub server = new MlflowStub()) {
      TrainerKills kills = new TrainerKills(folder, server.uri(), 60, 500);
      for (int kill = 0; kill < KILLS; kill++) {
        kills.kill(random.nextLong(), WAYS.get(kill % WAYS.size()));
      }
      assertThat(kills.notes().count()).isGreaterThan(100L * KILLS);
      kills.deliverTheRest(Duration.ofMinutes(3));
      check(server, kills);
    }
  }

  private static void check(MlflowStub server, TrainerKills kills) {
    assertThat(server.created()).isEqualTo(1);
    MlflowStub.Kept run = server.runs().values().iterator().next();
    assertThat(run.status).isEqualTo("FINISHED");
    KilledTrainer.Notes notes = kills.notes();
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
      missing += !there && kills.acknowledged().get((int) item) ? 1 : 0;
    }
    System.err.printf(
        "%d kills (seed %d): %,d items put in, %,d acknowledged, %,d there, lateness %d ms%n",
        KILLS, SEED, notes.count(), kills.acknowledged().cardinality(), known, notes.lateness());
    assertThat(missing).as("acknowledged and missing").isZero();
    assertThat(run.points.size() + run.params.size()).as("nothing twice").isEqualTo((int) known);
    assertThat(kills.acknowledged().cardinality()).isPositive();
  }
}
