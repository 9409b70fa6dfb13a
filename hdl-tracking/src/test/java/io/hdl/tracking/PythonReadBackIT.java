package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.job.TrackedRun;
import io.hdl.core.run.RunEnd;
import io.hdl.core.testing.MlflowPython;
import io.hdl.core.testing.MlflowServer;
import io.hdl.core.testing.TestJobContext;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Java wrote, read by MLflow's own Python, UI server and migration. */
class PythonReadBackIT {
  private static final String EXPERIMENT =
      "demand: ünïcode 🚀 'it''s' \"quoted\" # " + "x".repeat(90);

  @TempDir Path folder;

  @Test
  void readsTheDirectoryInPythonThroughTheUiServerAndAfterMigration() throws Exception {
    MlflowPython python = MlflowPython.require();
    TestJobContext context = TestJobContext.in(folder.resolve("home"), "demand", "run-1");
    Path mlruns = folder.resolve("home/mlruns");
    TrackedRun run = Mlflow.from(Map.of()).experiment(EXPERIMENT).open(context.record(), context);
    FullRun.report(run, folder);
    run.finish(new RunEnd.Finished());
    run.close();
    assertThat(context.events().warnings()).isEmpty();

    StoredRun directory =
        ReadByPython.parse(
            python.run(
                ReadByPython.SCRIPT,
                Map.of(
                    "MLFLOW_TRACKING_URI",
                    mlruns.toUri().toString(),
                    "MLFLOW_ALLOW_FILE_STORE",
                    "true"),
                run.id()));
    assertThat(directory.experiment()).isEqualTo(EXPERIMENT);
    assertThat(directory.status()).isEqualTo("FINISHED");
    FullRun.assertComplete(directory, Double.POSITIVE_INFINITY);

    try (MlflowServer ui = MlflowServer.overFileStore(mlruns)) {
      String found =
          ui.python(
              """
              import mlflow
              runs = mlflow.search_runs(search_all_experiments=True, output_format='list',
                  filter_string="params.model = 'n-hits' and metrics.train_loss < 0.06")
              print([(r.info.run_id, r.info.status, len(r.inputs.dataset_inputs)) for r in runs])
              """);
      assertThat(found).contains("('" + run.id() + "', 'FINISHED', 1)");
    }

    String database = "sqlite:///" + folder.resolve("migrated.db");
    python.run(
        """
        import sys
        from mlflow.cli import cli
        cli(['migrate-filestore', '--source', sys.argv[1], '--target', sys.argv[2]],
            standalone_mode=False)
        """,
        Map.of("MLFLOW_ALLOW_FILE_STORE", "true"),
        mlruns.toString(),
        database);
    StoredRun migrated =
        ReadByPython.parse(
            python.run(ReadByPython.SCRIPT, Map.of("MLFLOW_TRACKING_URI", database), run.id()));
    assertThat(migrated.experiment()).isEqualTo(EXPERIMENT);
    FullRun.assertComplete(migrated, Double.MAX_VALUE);
  }

  @Test
  void readsTheServersRunInPython() throws Exception {
    try (MlflowServer server = MlflowServer.shared()) {
      TestJobContext context = TestJobContext.in(folder.resolve("home"), "demand", "run-1");
      TrackedRun run =
          Mlflow.at(server.uri()).experiment(EXPERIMENT).open(context.record(), context);
      FullRun.report(run, folder);
      run.finish(new RunEnd.Finished());
      run.close();
      assertThat(context.events().warnings()).isEmpty();

      StoredRun stored = ReadByPython.parse(server.python(ReadByPython.SCRIPT, run.id()));
      assertThat(stored.experiment()).isEqualTo(EXPERIMENT);
      assertThat(stored.status()).isEqualTo("FINISHED");
      FullRun.assertComplete(stored, Double.MAX_VALUE);
      assertThat(context.directory().outbox()).isDirectoryNotContaining("glob:**.log");
    }
  }
}
