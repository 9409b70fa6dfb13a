package io.hdl.tracking.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.testing.ChildJvm;
import io.hdl.core.testing.MlflowPython;
import io.hdl.core.testing.MlflowServer;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.RunStart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One directory, used by this library and by MLflow's own Python. */
class FileStorePythonIT {
  private static final String PARENT = "0123456789abcdef0123456789abcdef";
  private static final String CHILD = "f123456789abcdef0123456789abcdef";
  private static final int POINTS = 300;

  @TempDir Path folder;

  @Test
  void readsRunsThatPythonBeganAndGoesOnWithThem() throws Exception {
    MlflowPython python = MlflowPython.require();
    String ids =
        python.run(
            """
            import mlflow, pandas as pd
            mlflow.set_experiment("begun in Python: ü")
            with mlflow.start_run(run_name='parent "x"', description='a note') as run:
                mlflow.log_params({'a': 1, 'b/c': 'ü\\nx'})
                mlflow.log_metric('loss', 0.5, step=1)
                mlflow.log_metric('loss', float('nan'), step=2)
                mlflow.log_metric('tiny', 1e-300, step=3)
                mlflow.log_text('hello', 'd/x.txt')
                data = mlflow.data.from_pandas(pd.DataFrame({'a': [1.0]}), name='frame')
                mlflow.log_input(data, context='training')
                mlflow.log_metric('of_data', 0.25, step=3, dataset=data)
                with mlflow.start_run(nested=True, run_name='child') as child:
                    mlflow.log_metric('c', float('-inf'))
            mlflow.MlflowClient().delete_run(
                mlflow.MlflowClient().create_run(run.info.experiment_id).info.run_id)
            print(run.info.run_id, child.info.run_id)
            """,
            variables());
    String[] id = ids.strip().lines().reduce((first, last) -> last).orElseThrow().split(" ", -1);

    List<KeptRun> runs = store().runs();
    assertThat(runs).extracting(run -> run.start().key()).containsExactly(id[0], id[1]);
    KeptRun parent = runs.get(0);
    assertThat(parent.start().experiment()).isEqualTo("begun in Python: ü");
    assertThat(parent.start().name()).isEqualTo("parent \"x\"");
    assertThat(parent.end()).map(Item.End::status).contains(Item.EndStatus.FINISHED);
    assertThat(runs.get(1).start().parentKey()).contains(id[0]);
    List<Item> items = parent.items();
    assertThat(items)
        .contains(
            new Item.Param("a", "1"),
            new Item.Param("b/c", "ü\nx"),
            new Item.Tag("mlflow.note.content", "a note"),
            new Item.Upload("d/x.txt", parent.folder().resolve("artifacts/d/x.txt")));
    assertThat(values(items, "loss")).containsExactly(0.5, Double.NaN);
    assertThat(values(items, "tiny")).containsExactly(1e-300);
    assertThat(values(items, "of_data")).containsExactly(0.25);
    assertThat(values(runs.get(1).items(), "c")).containsExactly(Double.NEGATIVE_INFINITY);
    assertThat(items)
        .filteredOn(Item.Input.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Item.Input.class,
            input -> {
              assertThat(input.name()).isEqualTo("frame");
              assertThat(input.sourceType()).isEqualTo("code");
              assertThat(input.source()).startsWith("{\"tags\": {");
              assertThat(input.tags()).containsEntry("mlflow.data.context", "training");
            });

    FileStoreRun run = store().open(parent.start(), text -> {});
    write(run, new Item.Metric("loss", 0.25, 9, 3), new Item.End(Item.EndStatus.KILLED, 99));
    run.close();
    assertThat(
            python.run(
                """
                import sys, mlflow
                c = mlflow.MlflowClient()
                print(c.get_run(sys.argv[1]).info.status, c.get_run(sys.argv[1]).info.end_time,
                    [m.step for m in c.get_metric_history(sys.argv[1], 'loss')])
                """,
                variables(),
                id[0]))
        .contains("KILLED 99 [1, 2, 3]");
  }

  @Test
  void showsNestedRunsInPythonThroughTheUiServerAndAfterMigration() throws Exception {
    MlflowPython python = MlflowPython.require();
    nestedRuns();
    String tree =
        """
        import mlflow
        for r in mlflow.search_runs(search_all_experiments=True, output_format='list',
                filter_string="tags.`mlflow.parentRunId` = '%s'"):
            print(r.info.run_name, r.info.status, r.data.metrics, r.data.params)
        """
            .formatted(PARENT);
    String expected = "train FAILED {'duration_seconds': 1.5} {'p': 'child'}";
    assertThat(python.run(tree, variables())).contains(expected);
    try (MlflowServer ui = MlflowServer.overFileStore(store().root())) {
      assertThat(ui.python(tree)).contains(expected);
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
        store().root().toString(),
        database);
    assertThat(python.run(tree, Map.of("MLFLOW_TRACKING_URI", database))).contains(expected);
  }

  @Test
  void agreesWithPythonOnWhatIsDeleted() throws Exception {
    MlflowPython python = MlflowPython.require();
    nestedRuns();
    store().deleteRun(CHILD);
    String script =
        """
        import sys, mlflow
        from mlflow.entities import ViewType
        c = mlflow.MlflowClient()
        e = c.get_experiment_by_name('e') or [x for x in
            c.search_experiments(view_type=ViewType.DELETED_ONLY) if x.name == 'e'][0]
        names = lambda view: sorted(r.info.run_name for r in
            c.search_runs([e.experiment_id], run_view_type=view))
        print('before', e.lifecycle_stage, names(ViewType.ACTIVE_ONLY),
            names(ViewType.DELETED_ONLY))
        for step in sys.argv[1:]:
            {'restore_run': lambda: c.restore_run('%s'),
             'delete_run': lambda: c.delete_run('%s'),
             'delete': lambda: c.delete_experiment(e.experiment_id),
             'restore': lambda: c.restore_experiment(e.experiment_id)}[step]()
        """
            .formatted(CHILD, CHILD);
    assertThat(python.run(script, variables(), "restore_run"))
        .contains("before active ['job'] ['train']");
    assertThat(store().runs()).hasSize(2);
    assertThat(python.run(script, variables(), "delete_run")).contains("['job', 'train'] []");
    assertThat(store().runs()).hasSize(1);
    store().restoreRun(CHILD);
    python.run(script, variables(), "delete");
    assertThat(store().runs()).isEmpty();
    assertThatThrownBy(() -> store().open(start(PARENT, Optional.empty(), "job"), text -> {}))
        .hasMessageContaining("mlflow experiments restore");
    store().restoreExperiment("e");
    assertThat(store().runs()).hasSize(2);
    store().deleteExperiment("e");
    assertThat(python.run(script, variables(), "restore"))
        .contains("before deleted [] ['job', 'train']");
    assertThat(store().runs()).hasSize(2);
  }

  /** Two of our processes and a Python, all at once, in a directory that none of them finds. */
  @Test
  void isUsedBySeveralProcessesAtOnce() throws Exception {
    MlflowPython python = MlflowPython.require();
    List<CompletableFuture<String>> writers = new ArrayList<>();
    for (String id : List.of(PARENT, CHILD)) {
      writers.add(
          CompletableFuture.supplyAsync(
              () -> {
                ChildJvm.Result result =
                    ChildJvm.run(Writing.class, Map.of(), store().root().toString(), id);
                return result.exit() == 0 ? "" : result.err();
              }));
    }
    writers.add(
        CompletableFuture.supplyAsync(
            () -> {
              python.run(
                  """
                  import sys, mlflow
                  mlflow.set_experiment('of Python')
                  with mlflow.start_run():
                      for step in range(int(sys.argv[1])):
                          mlflow.log_metric('loss', step, step=step)
                  """,
                  variables(),
                  Integer.toString(POINTS));
              return "";
            }));
    for (CompletableFuture<String> writer : writers) {
      assertThat(writer.get(4, TimeUnit.MINUTES)).isEmpty();
    }

    assertThat(store().runs())
        .hasSize(3)
        .allSatisfy(run -> assertThat(values(run.items(), "loss")).hasSize(POINTS));
    assertThat(store().runs())
        .extracting(run -> run.start().experiment())
        .containsExactlyInAnyOrder("e", "e", "of Python");
    assertThat(
            python.run(
                "import mlflow\n"
                    + "print(len(mlflow.search_runs(search_all_experiments=True,"
                    + " output_format='list')))",
                variables()))
        .contains("3");
  }

  /** A process that writes a run. */
  static final class Writing {
    private Writing() {}

    public static void main(String[] arguments) {
      FileStoreRun run =
          FileStore.at(Path.of(arguments[0]))
              .open(start(arguments[1], Optional.empty(), "of Java"), text -> {});
      for (int step = 0; step < POINTS; step++) {
        write(run, new Item.Metric("loss", step, 1000 + step, step));
      }
      write(run, new Item.End(Item.EndStatus.FINISHED, 2000));
      run.close();
    }
  }

  private void nestedRuns() {
    FileStoreRun job = store().open(start(PARENT, Optional.empty(), "job"), text -> {});
    FileStoreRun stage = store().open(start(CHILD, Optional.of(PARENT), "train"), text -> {});
    write(job, new Item.Param("p", "parent"), new Item.End(Item.EndStatus.FINISHED, 9000));
    write(
        stage,
        new Item.Param("p", "child"),
        new Item.Metric("duration_seconds", 1.5, 2000, 1),
        new Item.End(Item.EndStatus.FAILED, 8000));
    job.close();
    stage.close();
    assertThat(Files.isDirectory(job.folder())).isTrue();
  }

  private FileStore store() {
    return FileStore.at(folder.resolve("mlruns"));
  }

  private Map<String, String> variables() {
    return Map.of(
        "MLFLOW_TRACKING_URI",
        store().root().toUri().toString(),
        "MLFLOW_ALLOW_FILE_STORE",
        "true");
  }

  private static RunStart start(String id, Optional<String> parent, String name) {
    return new RunStart(id, parent, "e", name, "user", 1000);
  }

  private static List<Double> values(List<Item> items, String key) {
    return items.stream()
        .filter(Item.Metric.class::isInstance)
        .map(Item.Metric.class::cast)
        .filter(metric -> metric.key().equals(key))
        .map(Item.Metric::value)
        .toList();
  }

  private static void write(FileStoreRun run, Item... items) {
    run.deliver(new ArrayDeque<>(List.of(items)));
  }
}
