package io.hdl.samples;

import io.hdl.core.json.Json;
import io.hdl.tracking.Mlflow;
import io.hdl.tracking.RunSync;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Delivers to MLflow what runs left on this machine.
 *
 * <p>The outboxes of jobs whose server was away, and runs that were tracked in a directory. Done
 * again, it delivers nothing twice.
 */
@Command(
    name = "samples/run SyncRuns",
    sortOptions = false,
    usageHelpAutoWidth = true,
    abbreviateSynopsis = true,
    description = "Delivers to MLflow what runs left on this machine.",
    footer = {
      "",
      "Exit status: 0 all is delivered, 1 not all of it or a failure, 2 wrong settings."
    })
public final class SyncRuns implements Callable<Integer> {
  private static final int NOT_ALL = 1;
  private static final long PROGRESS_NANOS = 2_000_000_000L;

  @Parameters(
      paramLabel = "DIR",
      description = {
        "hdl's home directory, a job's or a run's folder in it,",
        "or a directory of runs (mlruns)."
      })
  private Path directory = Path.of("");

  @Option(
      names = "--to",
      paramLabel = "ADDRESS",
      description = {
        "The server; default: for an outbox the one that it is for.",
        "Credentials as for a job: MLFLOW_TRACKING_TOKEN and so on."
      })
  private @Nullable String to;

  @Option(
      names = "--json",
      paramLabel = "FILE|-",
      description = "Writes the result as JSON; - for standard output, then alone on it.")
  private @Nullable String json;

  @Option(names = "--verbose", description = "Shows stack traces of failures.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this and ends.")
  boolean help;

  private String told = "";
  private long toldAt;

  private SyncRuns() {}

  /** Runs the sample and ends the process with its exit status. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the sample within this process. */
  static int run(String... arguments) {
    SyncRuns sample = new SyncRuns();
    SampleFailure failures = new SampleFailure("SyncRuns");
    return new CommandLine(sample)
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> failures.of(failure, sample.verbose, false))
        .setParameterExceptionHandler((wrong, given) -> failures.wrongOptions(wrong))
        .execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    RunSync sync = RunSync.below(directory).progress(this::tell);
    RunSync.Report report = (to == null ? sync : sync.to(Mlflow.at(to))).run();
    PrintStream people = "-".equals(json) ? System.err : System.out;
    people.print(table(report));
    people.flush();
    write(report);
    return report.isComplete() ? 0 : NOT_ALL;
  }

  /** One line every two seconds, and one for each run. */
  private void tell(RunSync.Progress progress) {
    long now = System.nanoTime();
    if (!progress.run().equals(told) || now - toldAt >= PROGRESS_NANOS) {
      told = progress.run();
      toldAt = now;
      System.err.printf(Locale.ROOT, "%s: %,d items left%n", progress.run(), progress.left());
    }
  }

  /** A row for each run, and a line with the sum. */
  static String table(RunSync.Report report) {
    if (report.entries().isEmpty()) {
      return "Nothing is left to deliver.\n";
    }
    int width = report.entries().stream().mapToInt(entry -> entry.run().length()).max().orElse(0);
    String row = "%-" + Math.max(3, width) + "s  %10s  %11s  %s\n";
    StringBuilder table =
        new StringBuilder(
                String.format(Locale.ROOT, row, "run", "delivered", "outstanding", "server")
                    .stripTrailing())
            .append('\n');
    long delivered = 0;
    long outstanding = 0;
    for (RunSync.Entry entry : report.entries()) {
      table.append(
          String.format(
              Locale.ROOT,
              row,
              entry.run(),
              String.format(Locale.ROOT, "%,d", entry.delivered()),
              String.format(Locale.ROOT, "%,d", entry.outstanding()),
              entry.server().orElse("-")));
      entry.reason().ifPresent(why -> table.append("    ").append(why).append('\n'));
      entry.warnings().forEach(text -> table.append("    ").append(text).append('\n'));
      delivered += entry.delivered();
      outstanding += entry.outstanding();
    }
    return table
        .append(
            String.format(
                Locale.ROOT, "%,d items delivered, %,d outstanding.\n", delivered, outstanding))
        .toString();
  }

  private void write(RunSync.Report report) throws Exception {
    String file = json;
    if (file == null) {
      return;
    }
    byte[] text = (Json.write(json(report)) + "\n").getBytes(StandardCharsets.UTF_8);
    if (file.equals("-")) {
      System.out.write(text);
      System.out.flush();
    } else {
      Files.write(Path.of(file), text);
    }
  }

  private static Map<String, Object> json(RunSync.Report report) {
    List<Object> runs = new ArrayList<>();
    for (RunSync.Entry entry : report.entries()) {
      Map<String, Object> run = new LinkedHashMap<>();
      run.put("run", entry.run());
      run.put("folder", entry.folder().toString());
      run.put("server", entry.server());
      run.put("delivered", entry.delivered());
      run.put("outstanding", entry.outstanding());
      run.put("reason", entry.reason());
      run.put("warnings", entry.warnings());
      runs.add(run);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("complete", report.isComplete());
    json.put("runs", runs);
    return json;
  }
}
