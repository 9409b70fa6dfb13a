package io.hdl.benchmarks.train;

import io.hdl.benchmarks.tracking.TrackingWorker;
import io.hdl.core.json.Json;
import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.delivery.ServerDestination;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxRun;
import io.hdl.tracking.outbox.OutboxSettings;
import io.hdl.tracking.outbox.RunStart;
import io.hdl.train.parallel.Determinism;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.Precision;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Steps with and without 100 values a step tracked, in turn within one process: {@code CASE SERVER
 * ROUNDS STEPS FOLDER}. Prints medians of the blocks' times, as JSON. The process's CPU time has
 * all of it: values put in, written, and sent until the server has them.
 */
public final class TrackedSteps {
  private static final int VALUES = 100;

  private TrackedSteps() {}

  private record Block(double wall, double cpu) {}

  /** Goes it. */
  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[2]);
    int steps = Integer.parseInt(arguments[3]);
    String[] keys = new String[VALUES];
    Arrays.setAll(keys, i -> "train/metric-" + i);
    Path log = Files.createTempDirectory(Path.of(arguments[4]), "outbox");
    TrackingServer server = new TrackingServer(URI.create(arguments[1]), Credentials.none());
    List<Block> plain = new ArrayList<>();
    List<Block> tracked = new ArrayList<>();
    try (Steps training =
            new HdlSteps(
                StepCase.of(arguments[0]),
                Devices.cpu(),
                Determinism.fastest(),
                Precision.FLOAT32);
        Outbox outbox = Outbox.open(log, OutboxSettings.defaults(), new TrackingWorker.Silent())) {
      OutboxRun run =
          outbox.begin(new RunStart("2".repeat(32), Optional.empty(), "tracking", "steps", "x", 1));
      outbox.deliverTo(ServerDestination.of(server, System.err::println));
      long step = 0;
      for (int round = -1; round < rounds; round++) {
        Block without = block(outbox, training, steps, () -> {});
        long from = step;
        long[] at = {from};
        Block with =
            block(
                outbox,
                training,
                steps,
                () -> {
                  long now = System.currentTimeMillis();
                  for (String key : keys) {
                    boolean unused = run.put(new Item.Metric(key, at[0], now, at[0]));
                  }
                  at[0]++;
                });
        step = at[0];
        if (round >= 0) {
          plain.add(without);
          tracked.add(with);
        }
      }
      Outbox.Outcome outcome = outbox.finish(Duration.ofMinutes(2));
      if (!outcome.delivered() || outcome.thinned() > 0) {
        throw new IllegalStateException("not everything arrived: " + outcome);
      }
    }
    System.out.println(
        Json.write(
            Map.of(
                "wall", median(plain, Block::wall) / steps,
                "wallTracked", median(tracked, Block::wall) / steps,
                "cpu", median(plain, Block::cpu) / steps,
                "cpuTracked", median(tracked, Block::cpu) / steps)));
  }

  private static Block block(Outbox outbox, Steps training, int steps, Runnable after)
      throws InterruptedException {
    double cpu = cpu();
    long begin = System.nanoTime();
    for (int i = 0; i < steps; i++) {
      training.run(1);
      after.run();
    }
    double wall = (System.nanoTime() - begin) / 1e9;
    while (outbox.state().items() > 0) {
      Thread.sleep(5);
    }
    return new Block(wall, cpu() - cpu);
  }

  private static double cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  private static double median(List<Block> blocks, ToDoubleFunction<Block> of) {
    return blocks.stream()
        .sorted(Comparator.comparingDouble(of))
        .mapToDouble(of)
        .skip(blocks.size() / 2)
        .findFirst()
        .orElseThrow();
  }
}
