package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.event.JobEvent;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.run.RunEnd;
import io.hdl.core.testing.Fault;
import io.hdl.core.testing.FaultProxy;
import io.hdl.core.testing.MlflowServer;
import io.hdl.core.testing.TestJobContext;
import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.delivery.ServerDestination;
import io.hdl.tracking.outbox.Leftovers;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxSettings;
import io.hdl.tracking.outbox.RunStart;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server that dies, comes back, or answers wrongly. */
class ServerOutageIT {
  private static MlflowServer server;

  @TempDir Path folder;
  private TestJobContext context;

  @BeforeAll
  static void startServer() {
    server = MlflowServer.start();
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

  private Path outbox() {
    return context.directory().outbox();
  }

  private TrackedRun open(URI address) {
    return Mlflow.at(address).flushWithin(Duration.ofSeconds(5)).open(context.record(), context);
  }

  /** Delivers later what lies in the outbox, and reads it back. */
  private StoredRun deliverLater() throws Exception {
    assertThat(Leftovers.below(context.directory().home()))
        .singleElement()
        .satisfies(left -> assertThat(left.folder()).isEqualTo(outbox()));
    RunWarnings warnings = RunWarnings.ofDirectory(context, outbox());
    try (Outbox later = Outbox.open(outbox(), OutboxSettings.defaults(), warnings)) {
      RunStart start = later.main().orElseThrow();
      ServerDestination destination =
          ServerDestination.of(
              new TrackingServer(server.uri(), Credentials.none()),
              new PinnedRun(context.record(), context, warnings::warning));
      later.deliverTo(destination);
      assertThat(later.finish(Duration.ofSeconds(60)).delivered()).isTrue();
      assertThat(Leftovers.below(context.directory().home())).isEmpty();
      return ReadByPython.parse(
          server.python(ReadByPython.SCRIPT, destination.id(start.key()).orElseThrow()));
    }
  }

  @Test
  void keepsTheWholeRunIfTheServerDiesOnTheWayAndDeliversItWhenTheRunGoesOn() throws Exception {
    TrackedRun run = open(server.uri());
    run.params(Map.of("before", "1"));
    run.metric("odd", Double.NaN, 1);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                server
                    .python(
                        "import mlflow, sys; print(mlflow.get_run(sys.argv[1]).data.params)",
                        run.id())
                    .contains("before"));
    server.stop();
    try {
      FullRun.report(run, folder);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !context.events().warnings().isEmpty());
      run.finish(new RunEnd.Interrupted("the link was cut"));
      run.close();

      List<String> warnings = context.events().warnings();
      assertThat(warnings).hasSize(2);
      assertThat(warnings.get(0))
          .startsWith("Training goes on without the MLflow server " + server.uri())
          .contains("connection refused")
          .endsWith("the run is kept in " + outbox() + ".");
      assertThat(warnings.get(1))
          .startsWith("The MLflow server " + server.uri() + " did not get everything of this run")
          .contains(
              "What is missing lies in " + outbox() + ". It is delivered when the run goes on")
          .endsWith("or by: samples/run SyncRuns \"" + outbox() + "\"");
      assertThat(context.events().of(JobEvent.TrackingState.class))
          .hasSize(2)
          .first()
          .satisfies(state -> assertThat(state.lastError()).get().asString().contains("refused"));
      JobEvent.TrackingState last = context.events().of(JobEvent.TrackingState.class).get(1);
      assertThat(last.backlog()).isPositive();
      assertThat(last.oldest()).isPresent();
      assertThat(last.lastError()).isPresent();
    } finally {
      server.restart();
    }

    context = context.continued();
    TrackedRun next = open(server.uri());
    assertThat(next.id()).isEqualTo(run.id());
    next.metric("train_loss", 0.01, 21);
    next.input(TrackedRunContract.data(17));
    next.finish(new RunEnd.Finished());
    next.close();

    assertThat(context.events().warnings()).isEmpty();
    assertThat(outbox()).isDirectoryNotContaining("glob:**.log");
    StoredRun stored = ReadByPython.parse(server.python(ReadByPython.SCRIPT, run.id()));
    assertThat(stored.status()).isEqualTo("FINISHED");
    assertThat(stored.params()).containsEntry("before", "1").containsEntry("model", "n-hits");
    assertThat(stored.points("train_loss")).hasSize(21);
    assertThat(stored.points("odd")).hasSize(5);
    assertThat(stored.inputs()).hasSize(1);
    assertThat(stored.artifacts()).hasSize(3);
  }

  @Test
  void usesAServerThatComesBackInMidRun() throws Exception {
    try (FaultProxy proxy = FaultProxy.before(server.uri())) {
      TrackedRun run = open(proxy.uri());
      proxy.always(Fault.reset());
      run.params(Map.of("meanwhile", "1"));
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !context.events().warnings().isEmpty());
      proxy.heal();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !context.events().notices().isEmpty());
      run.finish(new RunEnd.Finished());
      run.close();

      assertThat(context.events().warnings()).hasSize(1);
      assertThat(context.events().notices()).singleElement().asString().contains("answers again");
      assertThat(context.events().of(JobEvent.TrackingState.class))
          .extracting(state -> state.lastError().isPresent())
          .containsExactly(true, false, false);
      assertThat(context.events().of(JobEvent.TrackingState.class).get(2).backlog()).isZero();
      assertThat(outbox()).isDirectoryNotContaining("glob:**.log");
      assertThat(read(run.id()).params()).containsEntry("meanwhile", "1");
    }
  }

  @Test
  void losesAndDoublesNothingWhenAnswersAreLost() throws Exception {
    try (FaultProxy proxy = FaultProxy.before(server.uri())) {
      proxy.next(Fault.resetAfterwards(), Fault.resetAfterwards(), Fault.status(503, "1"));
      TrackedRun run = open(proxy.uri());
      proxy.next(Fault.resetAfterwards(), Fault.status(429, "1"), Fault.resetAfterwards());
      FullRun.report(run, folder);
      run.finish(new RunEnd.Finished());
      run.close();

      assertThat(context.events().warnings()).isEmpty();
      FullRun.assertComplete(
          ReadByPython.parse(server.python(ReadByPython.SCRIPT, run.id())), Double.MAX_VALUE);
      assertThat(
              server
                  .python(
                      "import mlflow, sys; print(len(mlflow.search_runs(search_all_experiments=True, output_format='list', filter_string=\"tags.`hdl.run` = '\" + sys.argv[1] + \"'\")))",
                      context.directory().runId())
                  .strip())
          .isEqualTo("1");
    }
  }

  @Test
  void goesOnWithoutAServerThatIsNeverReached() throws Exception {
    URI nobody;
    try (FaultProxy proxy = FaultProxy.before(server.uri())) {
      nobody = proxy.uri();
    }
    long start = System.nanoTime();
    TrackedRun run = open(nobody);
    assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(15).toNanos());
    assertThat(context.events().warnings()).hasSize(1);
    assertThat(context.events().warnings().get(0))
        .contains("connection refused")
        .contains("Check that the server runs and that MLFLOW_TRACKING_URI is its address");
    assertThat(run.link()).get().asString().startsWith(outbox().toString());
    FullRun.report(run, folder);
    run.finish(new RunEnd.Finished());
    run.close();

    assertThat(context.events().warnings()).hasSize(2);
    FullRun.assertComplete(deliverLater(), Double.MAX_VALUE);
  }

  @Test
  void namesALoginPageAndGoesOn() throws Exception {
    try (FaultProxy proxy = FaultProxy.before(server.uri())) {
      proxy.always(Fault.redirect(URI.create("https://login.example.com/sso")));
      TrackedRun run = open(proxy.uri());
      FullRun.report(run, folder);
      run.finish(new RunEnd.Finished());
      run.close();

      assertThat(context.events().warnings()).hasSize(2);
      assertThat(context.events().warnings().get(0))
          .contains("a redirect to https://login.example.com/sso")
          .contains("this run is not sent");
      FullRun.assertComplete(deliverLater(), Double.MAX_VALUE);
    }
  }

  private static StoredRun read(String id) throws Exception {
    try (ReadByMlflowClient client = new ReadByMlflowClient(server.uri().toString())) {
      return client.read(id);
    }
  }
}
