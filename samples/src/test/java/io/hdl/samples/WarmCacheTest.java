package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmCacheTest {
  private static final String TABLE = "abfss://c@a.dfs.core.windows.net/t";

  @TempDir Path folder;

  private CommandLineRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--warm");
    all.add(folder.resolve("warm").toString());
    return CommandLineRun.warmCache(all.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--table x | x",
        "--table T --windows 22 | windows: \"22\" (expected: times of the day",
        "--table T --bandwidth 0 | --bandwidth: 0.0 (expected: > 0)",
        "--table T --bandwidth x | Invalid value for option '--bandwidth'",
        "--table T --deadline soon | --deadline: \"soon\" (expected: a time",
        "--table T --deadline 2026-11-23T06:00:00Z | without a rate (expected: bandwidth",
        "--table T --keep 0 | --keep: 0.0 (expected: > 0)",
        "--table T --follow 0 | --follow: 0.0 (expected: > 0)",
        "--table T --table T --version 1 | --version: 1 (expected: with one --table)",
        "--table T --nonsense | Unknown option",
      })
  void refusesWrongSettings(String arguments, String message) {
    CommandLineRun run = run(arguments.replace(" T", " " + TABLE).split(" "));
    assertThat(run.err()).startsWith("WarmCache: ").contains(message);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void needsATable() {
    CommandLineRun run = run();
    assertThat(run.err())
        .isEqualTo(
            "WarmCache: --table: not given (expected: the address of a table of a lake)"
                + System.lineSeparator());
    assertThat(run.status()).isEqualTo(2);
  }

  @Test
  void listsItsOptions() {
    CommandLineRun run = CommandLineRun.warmCache("--help");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("--windows", "--bandwidth", "--deadline", "--follow", "--keep");
  }
}
