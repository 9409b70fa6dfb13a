package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hdl.core.json.Json;
import io.hdl.train.Forecast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What {@code mlflow.pyfunc.load_model} forecasts, in the Python that {@code -Dhdl.python} names:
 * it has mlflow, torch and pyarrow.
 */
final class PythonForecast {
  private static final String PROGRAM = System.getProperty("hdl.python", "python3");

  private static final String SCRIPT =
      """
      import glob, json, sys, urllib.parse
      import mlflow, pandas, pyarrow.parquet

      table, output, *addresses = sys.argv[1:]
      files = set()
      for log in sorted(glob.glob(table + "/_delta_log/*.json")):
          with open(log, encoding="utf-8") as lines:
              for action in map(json.loads, lines):
                  if "add" in action:
                      files.add(action["add"]["path"])
                  if "remove" in action:
                      files.discard(action["remove"]["path"])
      rows = pandas.concat(
          pyarrow.parquet.read_table(table + "/" + urllib.parse.unquote(file)).to_pandas()
          for file in sorted(files)
      )
      answers = []
      for address in addresses:
          model = mlflow.pyfunc.load_model(address)
          forecasts = model.predict(rows)
          expected = [column.name for column in model.metadata.signature.outputs.inputs]
          assert list(forecasts.columns) == expected, (list(forecasts.columns), expected)
          answers.append([
              [v.date().isoformat() if isinstance(v, pandas.Timestamp) else v for v in row]
              for row in forecasts.itertuples(index=False)
          ])
      with open(output, "w", encoding="utf-8") as file:
          json.dump({"answers": answers}, file)
      """;

  private PythonForecast() {}

  /** Ends the test as skipped where the Python lacks something. */
  static void require(Path folder) throws IOException, InterruptedException {
    boolean found;
    try {
      found =
          run(folder, Map.of(), List.of("-c", "import torch, mlflow, pyarrow; print('found')"))
              .endsWith("found\n");
    } catch (IOException e) {
      found = false;
    }
    assumeTrue(
        found,
        "Skipped: "
            + PROGRAM
            + " has not all of torch, mlflow and pyarrow; name one that has: -Dhdl.python=...");
  }

  /**
   * Holds the forecasts of models against Java's, relative to the largest value.
   *
   * @param table folder of a plain Delta table, whose rows Python reads itself
   * @param server address of a tracking server, or empty
   * @param addresses where Python loads the model from
   */
  static void assertSame(
      Path folder, Path table, String server, Forecast expected, double part, String... addresses)
      throws IOException, InterruptedException {
    Path output = folder.resolve("answers.json");
    Path script = folder.resolve("predict.py");
    Files.writeString(script, SCRIPT);
    List<String> arguments =
        new ArrayList<>(List.of(script.toString(), table.toString(), output.toString()));
    arguments.addAll(List.of(addresses));
    String printed = run(folder, Map.of("MLFLOW_TRACKING_URI", server), arguments);
    assertThat(output).as(printed).exists();
    Map<String, Object> read = Json.readObject(Files.readString(output), output.toString());
    List<?> answers = (List<?>) Objects.requireNonNull(read.get("answers"));
    assertThat(answers).hasSize(addresses.length);
    Map<List<String>, List<Double>> wanted = rows(expected);
    double largest =
        wanted.values().stream().flatMap(List::stream).mapToDouble(Math::abs).max().orElse(0);
    assertThat(largest).isPositive();
    for (Object answer : answers) {
      Map<List<String>, List<Double>> given = rows((List<?>) answer, expected);
      assertThat(given.keySet()).isEqualTo(wanted.keySet());
      wanted.forEach(
          (index, values) -> {
            List<Double> row = Objects.requireNonNull(given.get(index));
            assertThat(row).hasSameSizeAs(values);
            for (int i = 0; i < row.size(); i++) {
              assertThat(Math.abs(row.get(i) - values.get(i)))
                  .as(index + ": " + row + " and " + values)
                  .isLessThanOrEqualTo(part * largest);
            }
          });
    }
    Files.delete(output);
  }

  private static Map<List<String>, List<Double>> rows(List<?> answer, Forecast expected) {
    int keys = expected.series().get(0).key().values().size();
    Map<List<String>, List<Double>> rows = new HashMap<>();
    for (Object one : answer) {
      List<?> row = (List<?>) one;
      rows.put(
          row.subList(0, keys + 1).stream().map(String::valueOf).toList(),
          row.subList(keys + 1, row.size()).stream()
              .map(value -> ((Number) value).doubleValue())
              .toList());
    }
    assertThat(rows).hasSameSizeAs(answer);
    return rows;
  }

  private static Map<List<String>, List<Double>> rows(Forecast forecast) {
    Map<List<String>, List<Double>> rows = new HashMap<>();
    for (Forecast.SeriesForecast one : forecast.series()) {
      for (int t = 0; t < one.times().size(); t++) {
        List<String> index = new ArrayList<>(one.key().values());
        index.add(one.times().get(t));
        List<Double> row = new ArrayList<>(List.of(one.values().get(t)));
        for (List<Double> quantile : one.quantiles().values()) {
          row.add(quantile.get(t));
        }
        rows.put(index, row);
      }
    }
    return rows;
  }

  private static String run(Path folder, Map<String, String> variables, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PROGRAM));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("MLFLOW_"));
    builder
        .environment()
        .putAll(Map.of("OMP_NUM_THREADS", "1", "MLFLOW_DISABLE_TELEMETRY", "true"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
