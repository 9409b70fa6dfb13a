package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.testing.MlflowServer;
import io.hdl.tracking.outbox.Item;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;

/**
 * Kills ({@code SIGKILL}) a process that reports to a real server, at random moments from its start
 * on, and looks with mlflow-client at what the server has in the end: nothing is reported twice, so
 * what is there was in the log or delivered when its process died. {@code -Dhdl.kills=50} kills it
 * more often, {@code -Dhdl.seed} at other moments.
 */
class KilledTrainerIT {
  private static final int KILLS = Integer.getInteger("hdl.kills", 4);
  private static final long SEED = Long.getLong("hdl.seed", 20_261_122);
  private static final int LATEST_MILLIS = 3000;

  @TempDir Path folder;

  @Test
  void hasEverythingAcknowledgedExactlyOnce() throws Exception {
    Random random = new Random(SEED);
    try (MlflowServer server = MlflowServer.shared()) {
      TrainerKills kills = new TrainerKills(folder, server.uri(), 10, LATEST_MILLIS);
      kills.kill(random.nextLong(), TrainerKills.Way.SIGNAL);
      for (int kill = 1; kill < KILLS; kill++) {
        kills.kill(random.nextLong(), TrainerKills.Way.ANY_MOMENT);
      }
      kills.deliverTheRest(Duration.ofMinutes(8));
      check(server.uri(), kills);
    }
  }

  private static void check(URI server, TrainerKills kills) {
    Set<String> expected = new HashSet<>();
    Set<String> acknowledged = new HashSet<>();
    long reported = kills.notes().count();
    for (long number = 0; number < reported; number++) {
      String item = text(KilledTrainer.item(number));
      expected.add(item);
      if (kills.acknowledged().get((int) number)) {
        acknowledged.add(item);
      }
    }
    List<String> there = read(server);
    System.err.printf(
        "%d kills (seed %d) before a real server: %,d items put in, %,d acknowledged, %,d there, lateness %d ms%n",
        KILLS, SEED, reported, acknowledged.size(), there.size(), kills.notes().lateness());
    assertThat(acknowledged).hasSizeGreaterThan(20 * KILLS);
    Set<String> once = new HashSet<>(there);
    assertThat(there).as("nothing twice").hasSameSizeAs(once);
    acknowledged.removeAll(once);
    assertThat(acknowledged).as("acknowledged and missing").isEmpty();
    once.removeAll(expected);
    assertThat(once).as("never reported").isEmpty();
  }

  private static String text(Item item) {
    if (item instanceof Item.Metric metric) {
      return text(metric.key(), metric.value(), metric.timestamp(), metric.step());
    }
    Item.Param param = (Item.Param) item;
    return param.key() + "=" + param.value();
  }

  private static String text(String key, double value, long timestamp, long step) {
    return key + "[" + step + "]=" + value + " at " + timestamp;
  }

  /** All params and values of all runs, as many times as they are there. */
  private static List<String> read(URI server) {
    List<String> there = new ArrayList<>();
    try (MlflowClient client = new MlflowClient(server.toString())) {
      String experiment =
          client
              .getExperimentByName(KilledTrainer.RUN.experiment())
              .orElseThrow()
              .getExperimentId();
      List<Service.Run> runs =
          client
              .searchRuns(List.of(experiment), "", Service.ViewType.ALL, 100, List.of())
              .getItems();
      assertThat(runs).hasSize(1);
      Service.Run run = client.getRun(runs.get(0).getInfo().getRunId());
      assertThat(run.getInfo().getStatus()).isEqualTo(Service.RunStatus.FINISHED);
      run.getData()
          .getParamsList()
          .forEach(param -> there.add(param.getKey() + "=" + param.getValue()));
      for (Service.Metric metric : run.getData().getMetricsList()) {
        List<Service.Metric> history =
            client.getMetricHistory(run.getInfo().getRunId(), metric.getKey());
        assertThat(history).as("mlflow-client reads no more").hasSizeLessThan(25_000);
        history.forEach(
            point ->
                there.add(
                    text(point.getKey(), point.getValue(), point.getTimestamp(), point.getStep())));
      }
    }
    return there;
  }
}
