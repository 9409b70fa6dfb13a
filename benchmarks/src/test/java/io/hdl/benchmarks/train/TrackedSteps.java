package io.hdl.benchmarks.train;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.json.Json;
import io.hdl.core.run.RunEnd;
import io.hdl.core.testing.TestJobContext;
import io.hdl.tracking.Mlflow;
import io.hdl.train.parallel.Determinism;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Blocks of training steps with and without 100 values tracked after each, in turn within one
 * process: {@code CASE STEPS ROUNDS WARMUP FOLDER STUB SERVER}. In each round there are blocks
 * without tracking between three with it: the server is away, it is a stub that takes everything at
 * once, it is a real one. Each tracked block is a run of its own; what a real server has not got at
 * a block's end is left, so that nothing of it is at work in the next one.
 *
 * <p>Prints a JSON object for each block: the wall time of the steps alone, and the CPU time of the
 * process's threads until the run is over (before the stub: until it has everything).
 */
public final class TrackedSteps {
  private static final int VALUES = 100;

  /** The port that nothing listens on. */
  private static final String NOBODY = "http://127.0.0.1:1";

  /** What a server may still do after its client has gone. */
  private static final Duration REST = Duration.ofMillis(300);

  private final Steps training;
  private final int steps;
  private final Path folder;
  private final String[] keys = new String[VALUES];
  private int blocks;

  private TrackedSteps(Steps training, int steps, Path folder) {
    this.training = training;
    this.steps = steps;
    this.folder = folder;
    Arrays.setAll(keys, i -> "train/metric-" + i);
  }

  /** Goes it. */
  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[2]);
    int warmup = Integer.parseInt(arguments[3]);
    String stub = arguments[5];
    String server = arguments[6];
    try (Steps training =
        new HdlSteps(
            StepCase.of(arguments[0]), Devices.cpu(), Determinism.fastest(), Precision.FLOAT32)) {
      TrackedSteps all =
          new TrackedSteps(training, Integer.parseInt(arguments[1]), Path.of(arguments[4]));
      System.out.println(Json.write(Map.of("weights", training.weights())));
      for (int i = 0; i < warmup; i++) {
        all.tracked(i % 4 == 0 ? NOBODY : stub, RunEnd.Finished.class);
      }
      for (int round = 0; round < rounds; round++) {
        all.plain(round);
        all.say("away", round, all.tracked(NOBODY, RunEnd.Interrupted.class));
        all.plain(round);
        all.say("stub", round, all.tracked(stub, RunEnd.Finished.class));
        all.plain(round);
        all.say("server", round, all.tracked(server, RunEnd.Interrupted.class));
        TimeUnit.NANOSECONDS.sleep(REST.toNanos());
      }
      all.plain(rounds);
    }
  }

  private void plain(int round) throws IOException {
    say("plain", round, block(() -> {}, () -> {}));
  }

  private Map<String, Double> tracked(String address, Class<? extends RunEnd> ending)
      throws IOException {
    Path home = Files.createTempDirectory(folder, "steps");
    try {
      TestJobContext context = TestJobContext.in(home, "tracked-steps", "run-" + blocks++);
      boolean whole = ending == RunEnd.Finished.class;
      Mlflow mlflow = Mlflow.at(address).flushWithin(Duration.ofMillis(whole ? 60_000 : 1));
      try (TrackedRun run = mlflow.open(context.record(), context)) {
        RunEnd end = whole ? new RunEnd.Finished() : new RunEnd.Interrupted("the block is over");
        Map<String, Double> values = new LinkedHashMap<>();
        long[] step = {0};
        return block(
            () -> {
              step[0]++;
              for (int i = 0; i < VALUES; i++) {
                values.put(keys[i], (step[0] + i) / 3.0);
              }
              run.metrics(values, step[0]);
            },
            () -> run.finish(end));
      }
    } finally {
      MoreFiles.deleteRecursively(home, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private Map<String, Double> block(Runnable afterStep, Runnable afterAll) throws IOException {
    ThreadTimes before = ThreadTimes.now();
    long begin = System.nanoTime();
    long[] calls = new long[steps];
    for (int i = 0; i < steps; i++) {
      training.run(1);
      long stepped = System.nanoTime();
      afterStep.run();
      calls[i] = System.nanoTime() - stepped;
    }
    double wall = (System.nanoTime() - begin) / 1e9;
    ThreadTimes after = ThreadTimes.now();
    afterAll.run();
    Map<String, Double> block = new LinkedHashMap<>();
    Arrays.sort(calls);
    block.put("wall", wall / steps);
    block.put("calls", calls[steps / 2] / 1e9);
    for (ThreadTimes.Part part : ThreadTimes.Part.values()) {
      block.put(part.name().toLowerCase(Locale.ROOT), after.since(before, part) / steps);
    }
    block.put("process", ThreadTimes.now().since(before) / steps);
    return block;
  }

  private void say(String way, int round, Map<String, Double> block) {
    Map<String, Object> line = new LinkedHashMap<>(block);
    line.put("way", way);
    line.put("round", round);
    System.out.println(Json.write(line));
  }
}
