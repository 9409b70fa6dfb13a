package io.hdl.benchmarks.tracking;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The section of RESULTS.md about tracking. */
final class TrackingReport {
  private static final String BEGIN = "<!-- tracking:begin, written by benchmarks/tracking/run -->";
  private static final String END = "<!-- tracking:end -->";

  private final int rounds;
  private final double load;
  private final Map<String, Map<Double, Double>> calls = new TreeMap<>();
  private final Map<String, Double> serverCalls = new TreeMap<>();
  private final StringBuilder steps = new StringBuilder();
  private String million = "";
  private String rate = "";
  private String version = "";

  TrackingReport(int rounds, double load) {
    this.rounds = rounds;
    this.load = load;
  }

  void call(String method, double percentile, double micros) {
    calls.computeIfAbsent(method, name -> new TreeMap<>()).put(percentile, micros);
  }

  void serverCall(String figure, double micros) {
    serverCalls.put(figure, micros);
  }

  void server(String release) {
    version = release;
  }

  void million(int values, double plain, double outbox, double put) {
    million =
        text(
            "* %,d values through an outbox in a heap of 64 MB: put in and on the disk in %.2f s;"
                + " delivered to a server that takes everything at once in %.2f s, plain calls of"
                + " `log-batch` %.2f s (%.2f of their rate)%n",
            values, put, outbox, plain, plain / outbox);
  }

  void rate(int values, double plain, double outbox) {
    rate =
        text(
            "* %,d values to a real server (MLflow %s, SQLite): by plain calls of `log-batch`"
                + " %,.0f a second, by the outbox's sender %,.0f: %.2f of that rate%n",
            values, version, values / plain, values / outbox, plain / outbox);
  }

  void steps(String name, double wall, double wallTracked, double cpu, double cpuTracked) {
    steps.append(
        text(
            "| %s | %.2f | %.2f | %+.1f %% | %.2f | %.2f | %+.1f %% |%n",
            name,
            wall * 1e3,
            wallTracked * 1e3,
            100 * (wallTracked / wall - 1),
            cpu * 1e3,
            cpuTracked * 1e3,
            100 * (cpuTracked / cpu - 1)));
  }

  String markdown(String raw) {
    StringBuilder text = new StringBuilder("## Tracking\n\n");
    text.append(
        text(
            "%s; %d cores, load before the run %.1f; Java %s.%n%n",
            LocalDate.now(),
            Runtime.getRuntime().availableProcessors(),
            load,
            System.getProperty("java.version")));
    text.append("One metric value, on the thread that logs it:\n\n");
    text.append("| | p50, µs | p99, µs | p99.9, µs |\n|---|---|---|---|\n");
    calls.forEach(
        (method, micros) ->
            text.append(
                text(
                    "| %s | %,.2f | %,.2f | %,.1f |%n",
                    method.equals("put")
                        ? "**hdl**: put into the outbox, its writer at work"
                        : "mlflow-client's `logMetric`, a server that answers at once",
                    micros.getOrDefault(50.0, Double.NaN),
                    micros.getOrDefault(99.0, Double.NaN),
                    micros.getOrDefault(99.9, Double.NaN))));
    text.append(
        text(
            "| mlflow-client's `logMetric`, MLflow %s | %,.0f | %,.0f | |%n%n",
            version,
            serverCalls.getOrDefault("p50", Double.NaN),
            serverCalls.getOrDefault("p99", Double.NaN)));
    text.append(
        text(
            "Values come one every 10 µs or so (JMH, `SampleTime`). Medians over rounds (%d), all ways"
                + " in turn within each:%n%n",
            rounds));
    text.append(million).append(rate);
    text.append("\nTraining steps without and with 100 values logged at each, in turn within one");
    text.append(" process; the CPU time is the process's, all of it until the server has");
    text.append(" everything:\n\n");
    text.append("| model | wall, ms a step | tracked | | CPU, ms a step | tracked | |\n");
    text.append("|---|---|---|---|---|---|---|\n").append(steps);
    return text.append("\nRepeat: `benchmarks/tracking/run` (all figures: `results/")
        .append(raw)
        .append("`).\n")
        .toString();
  }

  static void insert(Path page, String text) throws IOException {
    String all = Files.readString(page, StandardCharsets.UTF_8);
    int begin = all.indexOf(BEGIN);
    if (begin < 0) {
      throw new IOException(page + " has no line " + BEGIN);
    }
    String changed =
        all.substring(0, begin + BEGIN.length()) + "\n" + text + all.substring(all.indexOf(END));
    Files.writeString(page, changed, StandardCharsets.UTF_8);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
