package io.hdl.samples;

import io.hdl.core.json.Json;
import io.hdl.core.run.Home;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a run goes, as options; null where one was not given. */
final class RunOptions {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Where runs are kept; default: HDL_HOME, else ~/.hdl.")
  @Nullable Path home;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the job; default: that of the sample.")
  @Nullable String name;

  @Option(
      names = "--json",
      paramLabel = "FILE|-",
      description = "Writes the result as JSON; - for standard output, then alone on it.")
  @Nullable String json;

  @Option(
      names = "--track",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Tracks the run in MLflow (MLFLOW_TRACKING_URI, else a local directory).")
  boolean track = true;

  @Option(names = "--verbose", description = "Shows stack traces of failures.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this and ends.")
  boolean help;

  /** Where what is for people goes: beside JSON on standard output, to standard error. */
  PrintStream people() {
    return "-".equals(json) ? System.err : System.out;
  }

  /** Writes a result where it was asked for, if it was. */
  void writeJson(Map<String, Object> result) throws IOException {
    if (json == null) {
      return;
    }
    String text = Json.writePretty(result) + System.lineSeparator();
    if (json.equals("-")) {
      // JSON is UTF-8, whatever the terminal is.
      System.out.write(text.getBytes(StandardCharsets.UTF_8));
      System.out.flush();
    } else {
      Files.writeString(Path.of(json), text);
    }
  }

  /** The home directory that was asked for, or the usual one. */
  Path homeDirectory() {
    Path chosen = home == null ? Home.resolve(System.getenv()) : home;
    return chosen.toAbsolutePath().normalize();
  }
}
