package io.hdl.samples;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.data.OpenTable;
import io.hdl.samples.profile.ProfilePage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Prints what is in a Delta table: types, nulls, ranges, means, distinct values, sums.
 *
 * <p>Standard output is one JSON object. With {@code --html} it also writes a page for people.
 */
@Command(
    name = "samples/run TableProfile",
    sortOptions = false,
    usageHelpAutoWidth = true,
    abbreviateSynopsis = true,
    description = "Prints what is in a Delta table as one JSON object.",
    footer = {"", "Exit status: 0 done, 1 the table cannot be read, 2 wrong settings."})
public final class TableProfile implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int WRONG_SETTINGS = 2;

  @Mixin private ProfileOptions options = new ProfileOptions();

  private TableProfile() {}

  /** Runs the sample and ends the process with its exit status. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the sample within this process. */
  static int run(String... arguments) {
    TableProfile sample = new TableProfile();
    return new CommandLine(sample)
        .setExecutionExceptionHandler((failure, line, parsed) -> sample.failed(failure))
        .setParameterExceptionHandler(
            (wrong, given) -> {
              System.err.println("TableProfile: " + wrong.getMessage());
              System.err.println("--help lists the options.");
              return WRONG_SETTINGS;
            })
        .execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    ProfileSettings settings = ProfileSettings.of(options);
    io.hdl.data.profile.TableProfile profile;
    try (OpenTable table = settings.source().open()) {
      profile =
          io.hdl.data.profile.TableProfile.of(
              table.snapshot(), settings.spec(), settings.threads(), () -> {});
    }
    Map<String, Object> json = options.checksums ? profile.jsonWithChecksums() : profile.json();
    if (options.html != null) {
      Files.writeString(options.html, ProfilePage.html(profile));
    }
    String text = Json.writePretty(json) + System.lineSeparator();
    if (options.json.equals("-")) {
      // JSON is UTF-8, whatever the terminal is.
      PrintStream out = System.out;
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } else {
      Files.writeString(Path.of(options.json), text);
    }
    return 0;
  }

  /** Words for a failure, and the exit status. */
  private int failed(Exception failure) {
    if (options.verbose) {
      failure.printStackTrace();
    }
    if (failure instanceof HdlException known) {
      System.err.println("TableProfile: " + known.getMessage());
      return known.code() == ErrorCode.INVALID_SETTINGS
              || known.code() == ErrorCode.INVALID_ARGUMENT
          ? WRONG_SETTINGS
          : FAILED;
    }
    System.err.println(
        "TableProfile: " + failure + (options.verbose ? "" : " (--verbose shows where)"));
    return FAILED;
  }
}
