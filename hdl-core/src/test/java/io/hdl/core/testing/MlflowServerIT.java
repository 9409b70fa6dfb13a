package io.hdl.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlflowServerIT {
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void takesARunOverHttpAndPythonReadsItBack() throws Exception {
    URI address;
    try (MlflowServer server = MlflowServer.start()) {
      address = server.uri();
      String id =
          String.valueOf(
              Json.readObject(
                      post(
                          address + "/api/2.0/mlflow/experiments/create",
                          "{\"name\": \"from java\"}"),
                      "the answer")
                  .get("experiment_id"));
      post(
          address + "/api/2.0/mlflow/runs/create",
          "{\"experiment_id\": \"" + id + "\", \"run_name\": \"first\"}");
      assertThat(
              server.python(
                  """
                  import sys, mlflow
                  runs = mlflow.MlflowClient().search_runs([sys.argv[1]])
                  print([run.info.run_name for run in runs], mlflow.__version__)
                  """,
                  id))
          .isEqualToIgnoringNewLines("['first'] " + server.version());

      server.stop();
      assertThatThrownBy(() -> post(server.uri() + "/api/2.0/mlflow/runs/create", "{}"))
          .isInstanceOf(ConnectException.class);
      server.restart();
      assertThat(server.uri()).isEqualTo(address);
      assertThat(server.python("import mlflow; print(len(mlflow.search_experiments()))"))
          .isEqualToIgnoringNewLines("2");

      assertThatThrownBy(() -> server.python("raise ValueError('from the script')"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ended with 1")
          .hasMessageContaining("from the script");
      assertThat(server.log()).isNotBlank();
    }
    assertThatThrownBy(() -> post(address + "/api/2.0/mlflow/runs/create", "{}"))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void readsAFolderOfRuns(@TempDir Path folder) {
    Path mlruns = folder.resolve("mlruns");
    MlflowPython.require()
        .run(
            """
            import mlflow
            with mlflow.start_run(run_name="local"):
                mlflow.log_metric("wape", 0.25)
            """,
            Map.of(
                "MLFLOW_TRACKING_URI",
                mlruns.toUri().toString(),
                "MLFLOW_ALLOW_FILE_STORE",
                "true"));
    try (MlflowServer server = MlflowServer.overFileStore(mlruns)) {
      assertThat(server.python("import mlflow; print(mlflow.search_runs()['metrics.wape'][0])"))
          .isEqualToIgnoringNewLines("0.25");
    }
  }

  private String post(String address, String json) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }
}
