package io.hdl.benchmarks.tracking;

import io.hdl.benchmarks.train.TrackedSteps;
import io.hdl.core.testing.MlflowServer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
  /** The models, with steps of about half a second. */
  private static final Map<String, Integer> STEPS = new TreeMap<>();

  static {
    STEPS.put("dlinear", 800);
    STEPS.put("nhits", 160);
    STEPS.put("nbeats", 50);
  }

  /** Tracked blocks before the first that counts, for the JVM's compilers. */
  private static final int WARMUP = 12;

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

    String name = LocalDate.now(ZoneId.systemDefault()) + "-tracking.csv";
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
    try (Child stub = new Child("-Xmx512m", StubServer.class);
        MlflowServer server = MlflowServer.start()) {
      report.server(server.version());
      String address = String.valueOf(stub.answer().get("uri"));
      million(report, address);
      steps(report, address, server.uri().toString());
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
      plain[round] = StepFigures.number(worker("plain", stub, values), "seconds");
      Map<String, Object> both = worker("outbox", stub, values);
      outbox[round] = StepFigures.number(both, "seconds");
      put[round] = StepFigures.number(both, "put");
      add("million", "plain", round, "s", plain[round]);
      add("million", "outbox", round, "s", outbox[round]);
      add("million", "put", round, "s", put[round]);
      say("round " + (round + 1) + " of " + rounds + " before the stub");
    }
    report.million(
        values, StepFigures.median(plain), StepFigures.median(outbox), StepFigures.median(put));
  }

  /** Training with and without 100 values a step. */
  private void steps(TrackingReport report, String stub, String server) throws Exception {
    for (Map.Entry<String, Integer> each : STEPS.entrySet()) {
      String name = each.getKey();
      List<Map<String, Object>> blocks = new ArrayList<>();
      try (Child child =
          new Child(
              "-Xmx1g",
              TrackedSteps.class,
              name,
              Integer.toString(quick ? each.getValue() / 10 : each.getValue()),
              Integer.toString(quick ? 2 : 3 * rounds),
              Integer.toString(quick ? 2 : WARMUP),
              folder.toString(),
              stub,
              server)) {
        double weights = StepFigures.number(child.answer(), "weights");
        Optional<Map<String, Object>> block = child.next();
        while (block.isPresent()) {
          blocks.add(block.get());
          add(name, block.get());
          if ("server".equals(block.get().get("way"))) { // the last one of a round
            double round = StepFigures.number(block.get(), "round") + 1;
            say(String.format(Locale.ROOT, "steps of %s, round %.0f", name, round));
          }
          block = child.next();
        }
        report.steps(name, (long) weights, new StepFigures(blocks));
      }
    }
  }

  private void add(String name, Map<String, Object> block) {
    block.forEach(
        (figure, value) -> {
          if (value instanceof Double number) {
            int round = (int) StepFigures.number(block, "round");
            add("steps " + name, String.valueOf(block.get("way")), round, figure + "_s", number);
          }
        });
  }

  /** The real server: its own rate, the sender's, and mlflow-client's call. */
  private void server(TrackingReport report, String server) throws Exception {
    int values = quick ? 3_000 : 10_000;
    double[] plain = new double[rounds];
    double[] outbox = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      plain[round] = StepFigures.number(worker("plain", server, values), "seconds");
      outbox[round] = StepFigures.number(worker("outbox", server, values), "seconds");
      add("server", "plain", round, "s", plain[round]);
      add("server", "outbox", round, "s", outbox[round]);
      say("round " + (round + 1) + " of " + rounds + " before the real server");
    }
    report.rate(values, StepFigures.median(plain), StepFigures.median(outbox));
    Map<String, Object> calls = worker("calls", server, quick ? 30 : 300);
    for (String figure : List.of("p50", "p99")) {
      report.serverCall(figure, StepFigures.number(calls, figure));
      add("server", "mlflowClient", 0, figure + "_us", StepFigures.number(calls, figure));
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

  private static void say(String text) {
    System.err.println("tracking: " + text);
  }
}
