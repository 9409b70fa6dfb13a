package io.hdl.tracking;

import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.Runs;
import io.hdl.tracking.client.TrackingClient;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.delivery.ServerDestination;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxRun;
import io.hdl.tracking.outbox.OutboxSettings;
import io.hdl.tracking.outbox.RunStart;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service;

/** Logs very many values through an outbox, or by plain calls, and prints how long that took. */
final class SmallHeapTrainer {
  private static final Duration LIMIT = Duration.ofMinutes(9);
  private static final int BATCH = 1000;

  /** More at a time may come faster than a busy machine writes them. */
  private static final int PART = 100_000;

  private SmallHeapTrainer() {}

  /** Arguments: way, server, number of values, folder. Prints seconds, and what was thinned. */
  public static void main(String[] arguments) {
    TrackingServer server = new TrackingServer(URI.create(arguments[1]), Credentials.none());
    int values = Integer.parseInt(arguments[2]);
    if (arguments[0].equals("plain")) {
      plainly(server, values);
    } else {
      throughAnOutbox(server, values, Path.of(arguments[3]));
    }
  }

  private static String key(int step) {
    return "metric/" + step % 100;
  }

  private static void throughAnOutbox(TrackingServer server, int values, Path folder) {
    String id = String.format("%032x", System.nanoTime());
    String[] keys = new String[100];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = key(i);
    }
    try (Outbox outbox =
        Outbox.open(folder, OutboxSettings.defaults(), new KilledTrainer.Silent())) {
      OutboxRun run =
          outbox.begin(new RunStart(id, Optional.empty(), "throughput", "outbox", "test", 1));
      ServerDestination destination = ServerDestination.of(server, System.err::println);
      String unused = destination.connect(run.start(), LIMIT);
      long begin = System.nanoTime();
      for (int step = 0; step < values; step++) {
        if (!run.put(new Item.Metric(keys[step % 100], step, 1000, step))) {
          throw new IllegalStateException("not taken");
        }
        if (step % PART == 0 && !outbox.persist(LIMIT)) {
          throw new IllegalStateException("not written");
        }
      }
      double put = seconds(begin);
      begin = System.nanoTime();
      outbox.deliverTo(destination);
      Outbox.Outcome outcome = outbox.finish(LIMIT);
      System.out.printf(
          "%.3f %d %b %.3f%n", seconds(begin), outcome.thinned(), outcome.delivered(), put);
    }
  }

  private static void plainly(TrackingServer server, int values) {
    try (TrackingClient client = TrackingClient.of(server)) {
      Service.Run run =
          client
              .runs()
              .create(
                  client.experiments().getOrCreate("throughput", LIMIT),
                  new Runs.NewRun("plain", "test", 1, Map.of()),
                  LIMIT);
      long begin = System.nanoTime();
      for (int from = 0; from < values; from += BATCH) {
        List<Service.Metric> batch = new ArrayList<>();
        for (int step = from; step < Math.min(values, from + BATCH); step++) {
          batch.add(
              Service.Metric.newBuilder()
                  .setKey(key(step))
                  .setValue(step)
                  .setTimestamp(1000)
                  .setStep(step)
                  .build());
        }
        client.runs().logBatch(run.getInfo().getRunId(), batch, List.of(), List.of(), LIMIT);
      }
      System.out.printf("%.3f 0 true 0%n", seconds(begin));
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
