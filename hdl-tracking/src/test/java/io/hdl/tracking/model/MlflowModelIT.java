package io.hdl.tracking.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.json.Json;
import io.hdl.core.testing.MlflowPython;
import io.hdl.core.testing.MlflowVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** MLflow itself reads the directory. */
class MlflowModelIT {
  private static final String SCRIPT =
      """
      import json, sys
      import mlflow, pandas
      from mlflow.models import Model

      about = Model.load(sys.argv[1])
      loaded = mlflow.pyfunc.load_model(sys.argv[1])
      holiday = "é \\"holiday\\" 😀"
      rows = pandas.DataFrame({
          "store": [1, 1, 2],
          "time": pandas.to_datetime(["2024-01-12", "2024-01-05", "2024-01-05"]),
          "sales": [4.0, 2.0, 3.0],
          # 2.9 refuses a column of booleans in which one is missing.
          holiday: [True, True if mlflow.__version__.startswith("2.9") else None, False],
          "other": ["a", None, "b"],
      })

      def refusal(frame):
          try:
              loaded.predict(frame)
              return ""
          except Exception as e:
              return str(e)

      example = about.load_input_example(sys.argv[1])
      print(json.dumps({
          "forecasts": loaded.predict(rows)["forecast"].tolist(),
          "inputs": [[c.name, c.type.name] for c in about.signature.inputs.inputs],
          "outputs": [[c.name, c.type.name] for c in about.signature.outputs.inputs],
          "missing": refusal(rows.drop(columns=["sales"])),
          "wrong": refusal(rows.assign(store=["1", "1", "2"])),
          "metadata": about.metadata,
          "run": getattr(about, "run_id", None),
          "size": about.model_size_bytes,
          "example": example.astype(str).values.tolist(),
          "requirements": mlflow.pyfunc.get_model_dependencies(sys.argv[1]),
      }))
      """;

  @TempDir Path home;

  @ParameterizedTest
  @EnumSource
  void loadsAndChecksRowsByTheSignature(MlflowVersion version) {
    Path directory = home.resolve("model");
    Map<String, String> facts = Map.of("hdl.table", "it's \"here\"\n😀", "yes", "no");
    MlflowModel.of(ToyModel.save(home, 2), ToyModel.loader(home)).metadata(facts).write(directory);
    Map<String, Object> read =
        Json.readObject(
            MlflowPython.require(version).run(SCRIPT, Map.of(), directory.toString()), "answer");
    assertThat(read).containsEntry("forecasts", List.of(8.0, 6.0)).containsEntry("metadata", facts);
    assertThat(read.get("inputs"))
        .isEqualTo(
            List.of(
                List.of("store", "long"),
                List.of("time", "datetime"),
                List.of("sales", "double"),
                List.of("é \"holiday\" 😀", "boolean")));
    assertThat(read.get("outputs"))
        .isEqualTo(List.of(List.of("store", "long"), List.of("forecast", "double")));
    assertThat((String) read.get("missing")).contains("missing inputs ['sales']");
    assertThat((String) read.get("wrong")).contains("Incompatible input types for column store");
    assertThat(read.get("run")).isNull();
    assertThat((Integer) read.get("size")).isPositive();
    assertThat(String.valueOf(read.get("example"))).contains("2024-01-12", "2.5", "nan");
    assertThat((String) read.get("requirements")).endsWith("requirements.txt");
  }
}
