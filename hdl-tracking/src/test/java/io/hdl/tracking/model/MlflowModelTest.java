package io.hdl.tracking.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlflowModelTest {
  @TempDir Path home;

  @Test
  void writesWhatMlflowExpectsOfADirectory() throws IOException {
    Path directory = home.resolve("model");
    MlflowModel model =
        MlflowModel.of(ToyModel.save(home, 2), ToyModel.loader(home))
            .created(Instant.parse("2026-03-04T05:06:07.089Z"))
            .metadata(Map.of("hdl.table", "it's \"here\"\n😀"))
            .run("0123");
    model.write(directory);
    assertThat(directory.resolve("data").resolve("factor.txt")).hasContent("2.0");
    assertThat(directory.resolve("code").resolve("toy").resolve("loader.py")).exists();
    assertThat(directory.resolve("code").resolve("toy").resolve("__pycache__")).doesNotExist();
    assertThat(directory.resolve("requirements.txt")).hasContent("mlflow>=2.9\npandas==2.2.3");
    assertThat(directory.resolve("conda.yaml"))
        .hasContent(
            """
            channels:
            - conda-forge
            dependencies:
            - python=3.11.9
            - pip
            - pip:
              - 'mlflow>=2.9'
              - 'pandas==2.2.3'
            name: mlflow-env""");
    assertThat(Files.readString(directory.resolve("MLmodel")))
        .contains("utc_time_created: '2026-03-04 05:06:07.089000'\n")
        .contains("run_id: '0123'\n")
        .contains("    loader_module: 'toy.loader'\n")
        .contains("  hdl.table: \"it's \\\"here\\\"\\U0000000A\\U0001F600\"\n");
    assertThat(Json.readObject(Files.readString(directory.resolve("input_example.json")), "it"))
        .containsKeys("columns", "data")
        .asString()
        .contains("null")
        .doesNotContain("kind");
    assertThat(model.history("model"))
        .contains("\"artifact_path\":\"model\"", "\"run_id\":\"0123\"", "\"model_uuid\":\"");
  }

  @Test
  void replacesAnOlderDirectory() throws IOException {
    Path directory = ToyModel.directory(home, 2);
    Files.writeString(directory.resolve("old"), "");
    assertThat(ToyModel.directory(home, 3).resolve("old")).doesNotExist();
    assertThat(directory.resolve("data").resolve("factor.txt")).hasContent("3.0");
  }

  @Test
  void refusesAModelThatIsNotThere() {
    MlflowModel model = MlflowModel.of(home.resolve("none"), ToyModel.loader(home));
    assertThatThrownBy(() -> model.write(home.resolve("model")))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessageStartingWith("Cannot write a model directory: the saved model is not at ");
    assertThat(home.resolve("model")).doesNotExist();
  }
}
