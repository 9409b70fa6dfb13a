package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample as it is run, on a small table. */
class DemandForecastTest {
  @TempDir static Path folder;
  private static Path table = Path.of("not written yet");

  @TempDir Path home;

  @BeforeAll
  static void writeTable() {
    table = SmallChain.write(folder.resolve("sales"));
  }

  @Test
  void writesNothingButJsonToStandardOutput() throws IOException {
    CommandLineRun run = run("--json", "-");
    assertThat(run.status()).as(run.err()).isZero();
    Map<String, Object> json = Json.readObject(run.out(), "standard output");
    for (String scores : List.of("wape", "mae", "rmse", "smape", "mase", "mse")) {
      assertThat(map(json, "test")).containsKey(scores);
      assertThat(map(map(json, "baselines"), "seasonal_naive")).containsKey(scores);
    }
    assertThat(json)
        .containsEntry("version", 5)
        .containsEntry("seed", 1)
        .containsEntry("series", 18)
        .containsEntry("windows", 18)
        .containsEntry("model", "nhits")
        .containsKeys("table", "timings", "run", "report", "savedModel", "gate", "trackedAt");
    assertThat(Path.of(text(json, "report"))).exists();
    List<String> forecast = Files.readAllLines(Path.of(text(json, "forecast")));
    assertThat(forecast).hasSize(1 + 18 * 14);
    assertThat(forecast.get(0)).isEqualTo("store,product,date,forecast");
    assertThat(forecast.get(1)).startsWith("S01,P001," + SmallChain.GENERATOR.date(280) + ",");
    assertThat(run.err()).contains("WAPE", "seasonal naive", "mlflow ui");
  }

  @Test
  void writesPeoplesTableToStandardOutputAndJsonToAFile() throws IOException {
    Path file = home.resolve("result.json");
    CommandLineRun run = run("--json", file.toString(), "--model", "dlinear", "--no-track");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("dlinear", "seasonal naive", "report", "forecast");
    Map<String, Object> json = Json.readObject(Files.readString(file), "the file");
    assertThat(json).containsEntry("model", "dlinear").doesNotContainKey("trackedAt");
  }

  @Test
  void trainsOnFeaturesAndForecastsWithThem() {
    CommandLineRun run = run("--features", "calendar,lags", "--json", "-", "--no-track");
    assertThat(run.status()).as(run.err()).isZero();
    Map<String, Object> json = Json.readObject(run.out(), "standard output");
    assertThat(Path.of(text(json, "savedModel")).resolve("features.json")).exists();
    assertThat(Path.of(text(json, "forecast"))).exists();
  }

  @Test
  void readsTheVersionThatIsAskedFor() {
    CommandLineRun run = run("--version", "4", "--json", "-", "--known", "weekday");
    assertThat(run.status()).as(run.err()).isZero();
    Map<String, Object> json = Json.readObject(run.out(), "standard output");
    assertThat(json).containsEntry("version", 4).doesNotContainKey("forecast");
    assertThat(run.err()).contains("The steps after the table's end are not forecast:");
  }

  @Test
  void saysThatThereIsNoTable() {
    failsWith("--table", folder.resolve("none").toString(), 1, "none");
  }

  @Test
  void saysThatAFolderIsNoTable() throws IOException {
    Path empty = Files.createDirectories(home.resolve("empty"));
    failsWith("--table", empty.toString(), 1, "not a Delta table");
  }

  @Test
  void saysWhichVersionsThereAre() {
    failsWith("--version", "77", 1, "77");
  }

  @Test
  void listsTheColumnsInsteadOfAnUnknownOne() {
    failsWith("--target", "sold", 1, "sold", "units", "price");
  }

  @Test
  void saysThatAColumnHasTheWrongTypeForItsRole() {
    failsWith("--target", "store_type", 1, "store_type", "string");
  }

  @Test
  void countsSeriesThatAreTooShort() {
    failsWith("--context", "5000", 1, "18");
  }

  @Test
  void saysThatRowsHaveTheSameKeyAndTime() {
    failsWith("--key", "product", 1, "repeat the key and time", "P001");
  }

  @Test
  void saysThatTheHomeDirectoryCannotBeWritten() throws IOException {
    Path file = Files.createFile(home.resolve("file"));
    failsWith("--home", file.resolve("below").toString(), 1, "below");
  }

  private void failsWith(String option, String value, int status, String... words) {
    CommandLineRun run = run(option, value);
    assertThat(run.status()).as(run.err()).isEqualTo(status);
    assertThat(run.err()).contains(words).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  private CommandLineRun run(String... more) {
    return CommandLineRun.demandForecast(SmallChain.options(table, home, more));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Map<String, Object> json, String name) {
    return (Map<String, Object>) Objects.requireNonNull(json.get(name), name);
  }

  private static String text(Map<String, Object> json, String name) {
    return Objects.requireNonNull(json.get(name), name).toString();
  }
}
