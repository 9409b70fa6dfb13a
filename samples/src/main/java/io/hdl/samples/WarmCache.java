package io.hdl.samples;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.data.lake.CachePrefetch;
import io.hdl.data.lake.PrefetchReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Brings tables of a lake into the cache before they are needed.
 *
 * <p>At night, within a share of the link, by a deadline; once, or again and again as new versions
 * appear. What is there already is left alone.
 */
@Command(
    name = "samples/run WarmCache",
    sortOptions = false,
    usageHelpAutoWidth = true,
    abbreviateSynopsis = true,
    description = "Brings tables of a lake into the cache before they are needed.",
    footer = {
      "",
      "Exit status: 0 all is there, 1 not all of it or a failure, 2 wrong settings or a deadline",
      "that cannot be met."
    })
public final class WarmCache implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int WRONG_SETTINGS = 2;

  @Mixin private WarmOptions options = new WarmOptions();

  private WarmCache() {}

  /** Runs the sample and ends the process with its exit status. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the sample within this process. */
  static int run(String... arguments) {
    WarmCache sample = new WarmCache();
    return new CommandLine(sample)
        .setExecutionExceptionHandler((failure, line, parsed) -> sample.failed(failure))
        .setParameterExceptionHandler(
            (wrong, given) -> {
              System.err.println("WarmCache: " + wrong.getMessage());
              System.err.println("--help lists the options.");
              return WRONG_SETTINGS;
            })
        .execute(arguments);
  }

  @Override
  public Integer call() {
    CachePrefetch prefetch = WarmSettings.prefetch(options, System.getenv());
    if (options.follow != null) {
      AtomicBoolean complete = new AtomicBoolean();
      prefetch.follow(
          WarmSettings.minutes("follow", options.follow),
          () -> {},
          report -> {
            complete.set(report.complete());
            tell(report);
          });
      return complete.get() ? 0 : FAILED;
    }
    PrefetchReport report = prefetch.run(() -> {});
    tell(report);
    return report.complete() ? 0 : FAILED;
  }

  private void tell(PrefetchReport report) {
    String text =
        options.json
            ? Json.write(json(report)) + System.lineSeparator()
            : String.join("", report.tables().stream().map(WarmCache::line).toList());
    PrintStream out = System.out;
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new HdlException(ErrorCode.IO_FAILURE, "Cannot write to standard output.", e);
    }
    out.flush();
  }

  private static String line(PrefetchReport.Table table) {
    return String.format(
        Locale.ROOT,
        "%s version %d: %,d of %,d files brought (%,d of %,d bytes)%s%n",
        table.address(),
        table.version(),
        table.broughtFiles(),
        table.files(),
        table.broughtBytes(),
        table.bytes(),
        table.missing().isEmpty()
            ? ", all is there"
            : ", "
                + table.missing().size()
                + " files are missing: the tier has no room for them"
                + " or the deadline passed");
  }

  private static Map<String, Object> json(PrefetchReport report) {
    List<Object> tables = new ArrayList<>();
    for (PrefetchReport.Table table : report.tables()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("table", table.address());
      json.put("version", table.version());
      json.put("files", table.files());
      json.put("bytes", table.bytes());
      json.put("brought_files", table.broughtFiles());
      json.put("brought_bytes", table.broughtBytes());
      json.put("missing", table.missing().stream().map(String::valueOf).toList());
      tables.add(json);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("complete", report.complete());
    json.put("seconds", report.took().toMillis() / 1e3);
    json.put("tables", tables);
    return json;
  }

  /** Words for a failure, and the exit status. */
  private int failed(Exception failure) {
    if (options.verbose) {
      failure.printStackTrace();
    }
    if (failure instanceof HdlException known) {
      System.err.println("WarmCache: " + known.getMessage());
      return known.code() == ErrorCode.INVALID_SETTINGS
              || known.code() == ErrorCode.INVALID_ARGUMENT
          ? WRONG_SETTINGS
          : FAILED;
    }
    System.err.println(
        "WarmCache: " + failure + (options.verbose ? "" : " (--verbose shows where)"));
    return FAILED;
  }
}
