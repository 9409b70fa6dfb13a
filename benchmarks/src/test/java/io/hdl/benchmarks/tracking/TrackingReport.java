package io.hdl.benchmarks.tracking;

import io.hdl.benchmarks.ResultsPage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
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
  private final StringBuilder slowdowns = new StringBuilder();
  private final StringBuilder cpus = new StringBuilder();
  private double longestCalls;
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

  void steps(String name, long weights, StepFigures figures) {
    slowdowns.append(
        text(
            "| %s, %,d weights | %.2f | %s | %s | %s | %s |%n",
            name,
            weights,
            figures.step() * 1e3,
            slowdown(figures, "away"),
            slowdown(figures, "stub"),
            slowdown(figures, "server"),
            slowdown(figures, StepFigures.PLAIN)));
    StepFigures.Cpu cpu = figures.cpu("stub");
    cpus.append(
        text(
            "| %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
            name,
            cpu.training() * 1e6,
            cpu.writer() * 1e6,
            cpu.sender() * 1e6,
            cpu.compiler() * 1e6,
            cpu.collector() * 1e6,
            cpu.all() * 1e6));
    longestCalls = Math.max(longestCalls, figures.calls());
  }

  private static String slowdown(StepFigures figures, String way) {
    StepFigures.Slowdown slowdown = figures.slowdown(way);
    return text(
        "%+.1f (%+.1f to %+.1f)",
        100 * slowdown.median(), 100 * slowdown.low(), 100 * slowdown.high());
  }

  String markdown(String raw) {
    StringBuilder text = new StringBuilder("## Tracking\n\n");
    text.append(
        text(
            "%s; %d cores, load before the run %.1f; Java %s.%n%n",
            LocalDate.now(ZoneId.systemDefault()),
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
    text.append("\n### Training with 100 values a step\n\n");
    text.append(
        text(
            "Each step ends in a call of `TrackedRun.metrics` with 100 values. Blocks of about half a"
                + " second in turn, one training thread; %% by which the steps of a tracked block"
                + " take longer (wall) than those of the blocks beside it, median and quartiles. The"
                + " stub is a process that takes every batch at once, so that the sender works as"
                + " fast as values come. The real server takes a core for itself, which on a"
                + " machine with few is felt and is not hdl's. The last column is what the"
                + " measurement itself is worth: blocks without tracking beside each other.%n%n"));
    text.append("| model | step, ms | server away | stub | MLflow ")
        .append(version)
        .append(" on the same machine | none beside none |\n|---|---|---|---|---|---|\n")
        .append(slowdowns);
    text.append(
        text(
            "%nMaking the values and handing them over takes %.1f µs a step at most (median of a"
                + " model's blocks): below 1 %% of steps of %.2f ms and more.%n%n",
            longestCalls * 1e6, longestCalls * 1e5));
    text.append(
        "CPU time of a value before the stub, µs, by thread, until the stub has everything; on the"
            + " training thread with the making of the value. The compilers' share is that of a"
            + " process in its first minutes:\n\n");
    text.append("| model | training | writer | sender | compilers | collector | all |\n");
    text.append("|---|---|---|---|---|---|---|\n").append(cpus);
    return text.append("\nRepeat: `benchmarks/tracking/run` (all figures: `results/")
        .append(raw)
        .append("`).\n")
        .toString();
  }

  static void insert(Path page, String text) throws IOException {
    ResultsPage.insert(page, BEGIN, END, text);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
