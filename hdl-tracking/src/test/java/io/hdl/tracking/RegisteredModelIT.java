package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.evaluation.GateDecision.Verdict;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.TrackedModel;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.run.RunEnd;
import io.hdl.core.testing.MlflowServer;
import io.hdl.core.testing.MlflowVersion;
import io.hdl.core.testing.TestJobContext;
import io.hdl.tracking.model.ToyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From a run's model to the version that Python loads by its alias. */
class RegisteredModelIT {
  private static final String READ =
      """
      import json, sys
      import mlflow, pandas
      from mlflow import MlflowClient
      client = MlflowClient()
      rows = pandas.DataFrame({
          "store": [1], "time": pandas.to_datetime(["2024-01-12"]), "sales": [4.0],
          "é \\"holiday\\" 😀": [True],
      })
      for uri in ["models:/demand@champion", f"runs:/{sys.argv[1]}/model"]:
          print(mlflow.pyfunc.load_model(uri).predict(rows)["forecast"][0])
      for version in client.search_model_versions("name = 'demand'"):
          print(version.version, version.run_id, version.tags["hdl.gate"], version.status)
      """;

  private static final String TAG =
      """
      import sys
      from mlflow import MlflowClient
      print(MlflowClient().get_run(sys.argv[1]).data.tags.get("hdl.registration"))
      """;

  @TempDir Path home;

  private String track(MlflowServer server, String runId, double factor, Verdict verdict) {
    Path folder = home.resolve(runId);
    Path saved = ToyModel.save(folder, factor);
    TestJobContext context = TestJobContext.in(home, "demand-job", runId);
    Mlflow mlflow = Mlflow.at(server.uri()).register("demand").withoutSystemMetrics();
    try (TrackedRun run = mlflow.open(context.record(), context)) {
      run.model(
          new TrackedModel(
              new Artifact(Artifact.Kind.MODEL, "model", saved),
              new Evaluation("test", Scores.NONE, Scores.NONE, Map.of(), 1, 1),
              new GateDecision(verdict, List.of("WAPE 0.2 against 0.1 of naive.")),
              Optional.of(ToyModel.loader(folder))));
      run.finish(new RunEnd.Finished());
      assertThat(context.events().warnings()).isEmpty();
      return run.id();
    }
  }

  @ParameterizedTest
  @EnumSource
  void isTheChampionOnlyIfTheGateLetsItPass(MlflowVersion version) {
    try (MlflowServer server = MlflowServer.start(version)) {
      String passed = track(server, "run-1", 3, Verdict.PASSED);
      String failed = track(server, "run-2", 5, Verdict.FAILED);
      assertThat(server.python(READ, passed).lines())
          .containsExactly("12.0", "12.0", "1 " + passed + " PASSED READY");
      assertThat(server.python(TAG, failed).strip())
          .isEqualTo(
              "The model is not registered as \"demand\": its quality gate says FAILED. WAPE 0.2"
                  + " against 0.1 of naive.");
      assertThat(server.python(TAG, passed).strip()).isEqualTo("None");
    }
  }
}
