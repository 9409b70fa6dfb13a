package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.event.JobEvent;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.run.RunEnd;
import io.hdl.core.testing.Fault;
import io.hdl.core.testing.FaultProxy;
import io.hdl.core.testing.MlflowServer;
import io.hdl.core.testing.TestJobContext;
import io.hdl.tracking.outbox.Leftovers;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server refuses is named, and training goes on. */
class ServerRefusalIT {
  private static final String LOSSES =
      """
      import mlflow, sys
      c = mlflow.MlflowClient()
      print([(r.info.status, [m.step for m in c.get_metric_history(r.info.run_id, 'loss')])
          for r in mlflow.search_runs(experiment_names=[sys.argv[1]], output_format='list')])
      """;
  private static MlflowServer server;

  @TempDir Path folder;
  private TestJobContext context;

  @BeforeAll
  static void startServer() {
    server = MlflowServer.shared();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void createContext() {
    context = TestJobContext.in(folder.resolve("home"), "demand", "run-" + System.nanoTime());
  }

  private TrackedRun open(URI address, String experiment) {
    return Mlflow.at(address)
        .experiment(experiment)
        .flushWithin(Duration.ofSeconds(5))
        .open(context.record(), context);
  }

  private void reportAndFinish(TrackedRun run) {
    run.metric("loss", 0.5, 1);
    run.params(Map.of("a", "1"));
    run.finish(new RunEnd.Finished());
    run.close();
  }

  @Test
  void namesWrongCredentialsAndKeepsTheRun() throws Exception {
    try (FaultProxy proxy = FaultProxy.before(server.uri())) {
      proxy.always(Fault.status(401));
      TrackedRun run = open(proxy.uri(), "secret");
      reportAndFinish(run);
      assertThat(context.events().warnings()).isNotEmpty();
      assertThat(context.events().warnings().get(0))
          .startsWith("Training goes on, but this run is not sent to the MLflow server")
          .contains("401")
          .contains("MLFLOW_TRACKING_TOKEN");
      assertThat(context.events().of(JobEvent.TrackingState.class))
          .anyMatch(state -> state.lastError().orElse("").contains("401"));

      proxy.heal();
      assertThat(RunSync.below(context.directory().root()).to(Mlflow.at(proxy.uri())).run())
          .matches(RunSync.Report::isComplete);
    }
    assertThat(Leftovers.below(folder)).isEmpty();
    assertThat(
            server.python(
                """
            import mlflow
            print([(r.info.status, r.data.params, r.data.metrics) for r in mlflow.search_runs(
                experiment_names=['secret'], output_format='list')])
            """))
        .contains("[('FINISHED', {'a': '1'}, {'loss': 0.5})]");
  }

  @Test
  void namesAnExperimentThatWasDeletedAndGoesOn() throws Exception {
    server.python(
        """
        import mlflow
        mlflow.delete_experiment(mlflow.create_experiment('deleted one'))
        """);
    TrackedRun run = open(server.uri(), "deleted one");
    reportAndFinish(run);
    assertThat(context.events().warnings().get(0))
        .startsWith("Training goes on, but this run is not sent")
        .contains("deleted one")
        .contains("deleted");
    assertThat(Leftovers.below(folder)).hasSize(1);

    server.python(
        """
        import mlflow
        from mlflow.entities import ViewType
        c = mlflow.MlflowClient()
        c.restore_experiment([e.experiment_id for e in c.search_experiments(
            view_type=ViewType.DELETED_ONLY) if e.name == 'deleted one'][0])
        """);
    assertThat(RunSync.below(folder).to(Mlflow.at(server.uri())).run())
        .matches(RunSync.Report::isComplete);
    assertThat(Leftovers.below(folder)).isEmpty();
  }

  @Test
  void restoresARunThatWasDeletedMeanwhileAndSaysSo() throws Exception {
    TrackedRun first = interrupted("deleted run");
    server.python("import mlflow, sys\nmlflow.MlflowClient().delete_run(sys.argv[1])", first.id());
    TrackedRun second = goOn("deleted run");
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(context.events().warnings())
        .singleElement()
        .asString()
        .contains("was deleted at " + server.uri())
        .contains("was restored");
    assertThat(lossesOf("deleted run")).isEqualTo("[('FINISHED', [1, 2])]");
  }

  @Test
  void beginsTheRunAnewWhereTheServerDoesNotKnowItsId() throws Exception {
    TrackedRun first = interrupted("forgotten");
    context = context.continued();
    TrackedRun second;
    try (MlflowServer other = MlflowServer.start()) {
      second = open(other.uri(), "forgotten");
      second.metric("loss", 0.5, 2);
      second.finish(new RunEnd.Finished());
      second.close();
      assertThat(second.id()).isNotEqualTo(first.id());
      assertThat(other.python(LOSSES, "forgotten").strip()).isEqualTo("[('FINISHED', [1, 2])]");
    }
  }

  private TrackedRun interrupted(String experiment) {
    TrackedRun run = open(server.uri(), experiment);
    run.metric("loss", 1, 1);
    run.finish(new RunEnd.Interrupted("asked by the test"));
    run.close();
    return run;
  }

  private TrackedRun goOn(String experiment) {
    context = context.continued();
    TrackedRun run = open(server.uri(), experiment);
    run.metric("loss", 0.5, 2);
    run.finish(new RunEnd.Finished());
    run.close();
    return run;
  }

  private static String lossesOf(String experiment) {
    return server.python(LOSSES, experiment).strip();
  }

  @Test
  void saysWhatAServerDoesNotTakeAndDeliversTheRest() throws Exception {
    TrackedRun run = open(server.uri(), "odd");
    run.params(Map.of("kept", "1"));
    run.params(Map.of("kept", "2"));
    run.artifact(
        new io.hdl.core.job.Artifact(
            io.hdl.core.job.Artifact.Kind.OTHER, "gone.txt", folder.resolve("gone.txt")));
    run.metric("loss", 0.5, 1);
    run.finish(new RunEnd.Finished());
    run.close();
    assertThat(context.events().warnings())
        .anyMatch(text -> text.contains("Param \"kept\" keeps its first value"))
        .anyMatch(text -> text.contains("gone.txt"));
    assertThat(
            server.python(
                """
                import mlflow, sys
                r = mlflow.get_run(sys.argv[1])
                print(r.info.status, r.data.params, r.data.metrics)
                """,
                run.id()))
        .contains("FINISHED {'kept': '1'} {'loss': 0.5}");
  }
}
