package io.hdl.benchmarks.tracking;

import io.hdl.benchmarks.train.TrackedSteps;
import io.hdl.core.json.Json;
import io.hdl.core.testing.MlflowServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;

/**
 * Measures what tracking costs, and writes the figures: {@code BENCHMARKS [--quick] [--rounds N]}.
 * Called by {@code benchmarks/tracking/run}.
 */
public final class TrackingComparison {
  private static final List<String> CASES = List.of("dlinear", "nhits", "nbeats");

  private final Path folder;
  private final boolean quick;
  private final int rounds;
  private final List<String> raw = new ArrayList<>(List.of("part,way,round,figure,value"));

  private TrackingComparison(Path folder, boolean quick, int rounds) {
    this.folder = folder;
    this.quick = quick;
    this.rounds = rounds;
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    List<String> options = List.of(arguments).subList(1, arguments.length);
    boolean quick = options.contains("--quick");
    int at = options.indexOf("--rounds");
    int rounds = at >= 0 ? Integer.parseInt(options.get(at + 1)) : quick ? 1 : 5;
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    if (load > 0.5) {
      say("the machine is busy (load " + load + "): the figures will not be worth much");
    }
    Path benchmarks = Path.of(arguments[0]);
    Path folder = Files.createDirectories(benchmarks.resolve("target/tracking"));
    TrackingComparison comparison = new TrackingComparison(folder, quick, rounds);
    TrackingReport report = new TrackingReport(rounds, load);
    comparison.run(report);

    String name = LocalDate.now() + "-tracking.csv";
    Path results = quick ? folder : benchmarks.resolve("results");
    Files.write(results.resolve(name), comparison.raw);
    String text = report.markdown(name);
    if (!quick) {
      TrackingReport.insert(benchmarks.resolve("RESULTS.md"), text);
      say("written: benchmarks/results/" + name + " and benchmarks/RESULTS.md");
    }
    System.out.println(text);
  }

  private void run(TrackingReport report) throws Exception {
    calls(report);
    try (Child stub = new Child("-Xmx512m", StubServer.class)) {
      String address = String.valueOf(stub.answer().get("uri"));
      million(report, address);
      steps(report, address);
    }
    try (MlflowServer server = MlflowServer.start()) {
      report.server(server.version());
      server(report, server.uri().toString());
    }
  }

  /** What a value costs the thread that logs it. */
  private void calls(TrackingReport report) throws Exception {
    ChainedOptionsBuilder options =
        new OptionsBuilder().include(OutboxPutBenchmark.class.getName());
    if (quick) {
      options
          .forks(1)
          .warmupIterations(1)
          .warmupTime(TimeValue.seconds(1))
          .measurementIterations(1)
          .measurementTime(TimeValue.seconds(1));
    }
    for (RunResult result : new Runner(options.build()).run()) {
      String method = result.getPrimaryResult().getLabel();
      Statistics micros = result.getPrimaryResult().getStatistics();
      for (double percentile : new double[] {50, 99, 99.9}) {
        double value = micros.getPercentile(percentile);
        report.call(method, percentile, value);
        add("call", method, 0, "p" + percentile + "_us", value);
      }
    }
  }

  /** Very many values through a small heap, beside plain calls. */
  private void million(TrackingReport report, String stub) throws Exception {
    int values = quick ? 100_000 : 1_000_000;
    double[] plain = new double[rounds];
    double[] outbox = new double[rounds];
    double[] put = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      plain[round] = number(worker("plain", stub, values), "seconds");
      Map<String, Object> both = worker("outbox", stub, values);
      outbox[round] = number(both, "seconds");
      put[round] = number(both, "put");
      add("million", "plain", round, "s", plain[round]);
      add("million", "outbox", round, "s", outbox[round]);
      add("million", "put", round, "s", put[round]);
      say("round " + (round + 1) + " of " + rounds + " before the stub");
    }
    report.million(values, median(plain), median(outbox), median(put));
  }

  /** Training with and without 100 values a step. */
  private void steps(TrackingReport report, String stub) throws Exception {
    for (String name : CASES) {
      int steps = name.equals("dlinear") ? 500 : 100;
      try (Child child =
          new Child(
              "-Xmx1g",
              TrackedSteps.class,
              name,
              stub,
              Integer.toString(quick ? 2 : 4 * rounds + 1),
              Integer.toString(quick ? steps / 10 : steps),
              folder.toString())) {
        Map<String, Object> answer = child.answer();
        double wall = number(answer, "wall");
        double wallTracked = number(answer, "wallTracked");
        double cpu = number(answer, "cpu");
        double cpuTracked = number(answer, "cpuTracked");
        report.steps(name, wall, wallTracked, cpu, cpuTracked);
        add("steps", name, 0, "wall_s", wall);
        add("steps", name, 0, "wall_tracked_s", wallTracked);
        add("steps", name, 0, "cpu_s", cpu);
        add("steps", name, 0, "cpu_tracked_s", cpuTracked);
      }
      say("steps of " + name);
    }
  }

  /** The real server: its own rate, the sender's, and mlflow-client's call. */
  private void server(TrackingReport report, String server) throws Exception {
    int values = quick ? 3_000 : 20_000;
    double[] plain = new double[rounds];
    double[] outbox = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      plain[round] = number(worker("plain", server, values), "seconds");
      outbox[round] = number(worker("outbox", server, values), "seconds");
      add("server", "plain", round, "s", plain[round]);
      add("server", "outbox", round, "s", outbox[round]);
      say("round " + (round + 1) + " of " + rounds + " before the real server");
    }
    report.rate(values, median(plain), median(outbox));
    Map<String, Object> calls = worker("calls", server, quick ? 30 : 300);
    for (String figure : List.of("p50", "p99")) {
      report.serverCall(figure, number(calls, figure));
      add("server", "mlflowClient", 0, figure + "_us", number(calls, figure));
    }
  }

  private Map<String, Object> worker(String way, String server, int values) throws Exception {
    try (Child child =
        new Child(
            "-Xmx64m",
            TrackingWorker.class,
            way,
            server,
            Integer.toString(values),
            folder.toString())) {
      return child.answer();
    }
  }

  private void add(String part, String way, int round, String figure, double value) {
    raw.add(String.format(Locale.ROOT, "%s,%s,%d,%s,%.6g", part, way, round + 1, figure, value));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double number(Map<String, Object> answer, String name) throws IOException {
    if (answer.get(name) instanceof Number number) {
      return number.doubleValue();
    }
    throw new IOException("an answer without " + name + ": " + answer);
  }

  private static void say(String text) {
    System.err.println("tracking: " + text);
  }

  /** A process with this class path that prints a JSON object. */
  private static final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    Child(String heap, Class<?> main, String... arguments) throws IOException {
      List<String> command =
          new ArrayList<>(
              List.of(
                  System.getProperty("java.home") + "/bin/java",
                  heap,
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                  "-Dai.djl.pytorch.num_threads=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  main.getName()));
      command.addAll(List.of(arguments));
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    Map<String, Object> answer() throws IOException {
      String line = out.readLine();
      if (line == null) {
        throw new IOException("a process ended without an answer");
      }
      return Json.readObject(line, "the answer");
    }

    @Override
    public void close() throws Exception {
      process.getOutputStream().close();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }
}
