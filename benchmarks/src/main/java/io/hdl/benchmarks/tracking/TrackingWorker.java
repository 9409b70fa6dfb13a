package io.hdl.benchmarks.tracking;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.Runs;
import io.hdl.tracking.client.TrackingClient;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.delivery.ServerDestination;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxObserver;
import io.hdl.tracking.outbox.OutboxRun;
import io.hdl.tracking.outbox.OutboxSettings;
import io.hdl.tracking.outbox.RunStart;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;

/**
 * One way of values to a server, in a process of its own: {@code WAY SERVER VALUES FOLDER}. Prints
 * seconds, as JSON.
 */
public final class TrackingWorker {
  private static final Duration LIMIT = Duration.ofMinutes(30);
  private static final int BATCH = 1000;
  private static final int KEYS = 100;

  /** More at a time may come faster than a busy machine writes them. */
  private static final int PART = 100_000;

  private TrackingWorker() {}

  /** Goes it. */
  public static void main(String[] arguments) throws Exception {
    TrackingServer server = new TrackingServer(URI.create(arguments[1]), Credentials.none());
    int values = Integer.parseInt(arguments[2]);
    Map<String, Object> figures =
        switch (arguments[0]) {
          case "plain" -> plain(server, values);
          case "outbox" -> outbox(server, values, Path.of(arguments[3]));
          case "calls" -> calls(server, values);
          default -> throw new IllegalArgumentException("no way " + arguments[0]);
        };
    System.out.println(Json.write(figures));
  }

  /** Batches of 1,000, one after the other, as little as that takes. */
  private static Map<String, Object> plain(TrackingServer server, int values) {
    try (TrackingClient client = TrackingClient.of(server)) {
      String run = run(client, "plain");
      long begin = System.nanoTime();
      for (int from = 0; from < values; from += BATCH) {
        List<Service.Metric> batch = new ArrayList<>();
        for (int step = from; step < Math.min(values, from + BATCH); step++) {
          batch.add(
              Service.Metric.newBuilder()
                  .setKey("metric/" + step % KEYS)
                  .setValue(step)
                  .setTimestamp(1000 + step)
                  .setStep(step)
                  .build());
        }
        client.runs().logBatch(run, batch, List.of(), List.of(), LIMIT);
      }
      return Map.of("seconds", seconds(begin));
    }
  }

  /** Into an outbox all at once, and from there to the server. */
  private static Map<String, Object> outbox(TrackingServer server, int values, Path folder)
      throws Exception {
    String[] keys = new String[KEYS];
    Arrays.setAll(keys, i -> "metric/" + i);
    Path log = Files.createTempDirectory(folder, "outbox");
    try {
      return outbox(server, values, keys, log);
    } finally {
      MoreFiles.deleteRecursively(log, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private static Map<String, Object> outbox(
      TrackingServer server, int values, String[] keys, Path log) {
    String key = String.format("%032x", System.nanoTime());
    try (Outbox outbox = Outbox.open(log, OutboxSettings.defaults(), new Silent())) {
      OutboxRun run =
          outbox.begin(new RunStart(key, Optional.empty(), "tracking", "outbox", "x", 1));
      ServerDestination destination = ServerDestination.of(server, System.err::println);
      String unused = destination.connect(run.start(), LIMIT);
      long begin = System.nanoTime();
      for (int step = 0; step < values; step++) {
        if (!run.put(new Item.Metric(keys[step % KEYS], step, 1000 + step, step))) {
          throw new IllegalStateException("not taken");
        }
        if (step % PART == 0 && !outbox.persist(LIMIT)) {
          throw new IllegalStateException("not written");
        }
      }
      if (!outbox.persist(LIMIT)) {
        throw new IllegalStateException("not written");
      }
      double put = seconds(begin);
      begin = System.nanoTime();
      outbox.deliverTo(destination);
      Outbox.Outcome outcome = outbox.finish(LIMIT);
      if (!outcome.delivered() || outcome.thinned() > 0) {
        throw new IllegalStateException("not everything arrived: " + outcome);
      }
      return Map.of("seconds", seconds(begin), "put", put);
    }
  }

  /** mlflow-client's own call, value by value: median and 99th percentile. */
  private static Map<String, Object> calls(TrackingServer server, int values) {
    String id;
    try (TrackingClient client = TrackingClient.of(server)) {
      id = run(client, "calls");
    }
    long[] nanos = new long[values];
    try (MlflowClient client = new MlflowClient(server.base().toString())) {
      for (int step = 0; step < values; step++) {
        long begin = System.nanoTime();
        client.logMetric(id, "metric/" + step % KEYS, step, 1000 + step, step);
        nanos[step] = System.nanoTime() - begin;
      }
    }
    Arrays.sort(nanos);
    return Map.of(
        "p50", nanos[values / 2] / 1e3,
        "p99", nanos[(int) (values * 0.99)] / 1e3);
  }

  private static String run(TrackingClient client, String name) {
    return client
        .runs()
        .create(
            client.experiments().getOrCreate("tracking", LIMIT),
            new Runs.NewRun(name, "x", 1, Map.of()),
            LIMIT)
        .getInfo()
        .getRunId();
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  /** Tells the error stream what goes wrong. */
  public static final class Silent implements OutboxObserver {
    @Override
    public void serverAway(HdlException why) {
      System.err.println(why.getMessage());
    }

    @Override
    public void serverBack() {}

    @Override
    public void serverAbandoned(HdlException why) {
      System.err.println(why.getMessage());
    }

    @Override
    public void diskFailed(HdlException why) {
      System.err.println(why.getMessage());
    }

    @Override
    public void warning(String text) {
      System.err.println(text);
    }
  }
}
