package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.json.Json;
import io.hdl.core.testing.Azurite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A newcomer's way: a lake on this machine, a job on it, and the job again without the lake. */
class LocalLakeIT {
  private static final String ADDRESS =
      "abfs://curated@devstoreaccount1.dfs.core.windows.net/retail/sales";

  @TempDir static Path folder;

  @BeforeAll
  static void needsAzurite() {
    // Skips with its reason where it cannot be had.
    try (Azurite lake = Azurite.start()) {
      assertThat(lake.endpoint()).isNotNull();
    }
  }

  private List<String> options(String home, String json) {
    List<String> options =
        new ArrayList<>(
            Arrays.asList(
                SmallChain.options(
                    Path.of("unused"),
                    folder.resolve(home),
                    "--table",
                    ADDRESS,
                    "--json",
                    folder.resolve(json).toString())));
    options.addAll(
        List.of(
            "--hot",
            folder.resolve("hot").toString(),
            "--warm",
            folder.resolve("warm").toString(),
            "--no-track"));
    return options;
  }

  private Map<String, Object> result(String json) throws IOException {
    return Json.readObject(Files.readString(folder.resolve(json)), json);
  }

  @Test
  void trainsOnTheLakeAndThenWithoutItToTheSameScores() throws IOException {
    Path table = SmallChain.write(folder.resolve("sales"));
    List<String> command =
        new ArrayList<>(
            List.of(
                "--home", folder.resolve("lake").toString(), "--upload", table.toString(), "--"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(DemandForecast.class.getName());
    command.addAll(options("home", "first.json"));
    CommandLineRun lake = CommandLineRun.localLake(command.toArray(String[]::new));
    assertThat(lake.status()).as(lake.err()).isZero();
    assertThat(lake.err()).contains(" files into " + ADDRESS);
    Map<String, Object> first = result("first.json");
    assertThat(first).containsEntry("table", ADDRESS).containsEntry("version", 5);
    String record = Files.readString(Path.of(String.valueOf(first.get("run"))).resolve("run.json"));
    assertThat(record)
        .contains(
            ADDRESS, "\"identity\" : \"the account's key\"", folder.resolve("hot").toString());

    List<String> again = options("another-home", "second.json");
    again.addAll(List.of("--version", "5"));
    CommandLineRun run = CommandLineRun.demandForecast(again.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(result("second.json").get("test")).isEqualTo(first.get("test"));
  }

  @Test
  void handsOnTheExitStatusOfItsCommandAndUploadsOnce() {
    String[] command = {
      "--home",
      folder.resolve("lake2").toString(),
      "--upload",
      SmallChain.write(folder.resolve("sales")).toString(),
      "--",
      "sh",
      "-c",
      "test \"$HDL_LAKE_TABLE\" = " + ADDRESS + " && test -n \"$HDL_ABFS_ACCOUNT_KEY\" && exit 7"
    };
    CommandLineRun first = CommandLineRun.localLake(command);
    assertThat(first.status()).as(first.err()).isEqualTo(7);
    CommandLineRun second = CommandLineRun.localLake(command);
    assertThat(second.status()).isEqualTo(7);
    assertThat(second.err()).contains("The lake has the table already: " + ADDRESS);
    assertThat(second.out()).isEmpty();
  }
}
