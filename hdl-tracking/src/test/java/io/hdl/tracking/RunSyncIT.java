package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.HybridJob;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.event.JobEvent;
import io.hdl.core.testing.Fault;
import io.hdl.core.testing.FaultProxy;
import io.hdl.core.testing.MlflowServer;
import io.hdl.core.testing.TestJobContext;
import io.hdl.tracking.outbox.Leftovers;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs left on this machine comes to a real server later, once. */
class RunSyncIT {
  private static final String COUNT =
      """
      import mlflow, sys
      runs = mlflow.search_runs(search_all_experiments=True, output_format='list',
          filter_string="tags.`mlflow.source.name` != '' and attributes.run_name LIKE '%'")
      client = mlflow.MlflowClient()
      for r in sorted(runs, key=lambda r: (r.info.run_name, r.info.start_time)):
          if client.get_experiment(r.info.experiment_id).name == sys.argv[1]:
              print(r.info.status, sorted(r.data.params.items())[:1],
                  len(client.get_metric_history(r.info.run_id, 'train_loss')),
                  sorted(f.path for f in client.list_artifacts(r.info.run_id)),
                  len(r.inputs.dataset_inputs))
      """;
  private static MlflowServer server;

  @TempDir Path home;
  private final List<JobEvent> events = new CopyOnWriteArrayList<>();

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

  private HybridJob<String> job(String name, Mlflow tracker) {
    return HybridJob.named(name)
        .data(new SmallJob.Table())
        .train(new SmallJob.Constant(context -> {}))
        .track(tracker.flushWithin(Duration.ofSeconds(2)).withoutSystemMetrics())
        .listener(events::add)
        .home(home)
        .build();
  }

  private List<String> notices() {
    return events.stream()
        .filter(JobEvent.Notice.class::isInstance)
        .map(event -> ((JobEvent.Notice) event).text())
        .toList();
  }

  private String jobRuns(String experiment) {
    return server.python(COUNT, experiment).strip();
  }

  @Test
  void deliversAnOutboxToItsOwnServerAndThenNothing() throws Exception {
    try (FaultProxy proxy = FaultProxy.before(server.uri())) {
      proxy.always(Fault.reset());
      job("late", Mlflow.at(proxy.uri())).run();
      assertThat(Leftovers.below(home)).hasSize(1);

      RunSync.Report without = RunSync.below(home).run();
      assertThat(without.isComplete()).isFalse();
      RunSync.Entry left = without.entries().get(0);
      assertThat(left.delivered()).isZero();
      assertThat(left.outstanding()).isPositive();
      assertThat(left.reason()).get().asString().contains(proxy.uri().toString());

      proxy.heal();
      List<RunSync.Progress> progress = new ArrayList<>();
      RunSync.Report report = RunSync.below(home.resolve("late")).progress(progress::add).run();
      assertThat(report.isComplete()).isTrue();
      assertThat(report.entries())
          .singleElement()
          .satisfies(
              entry -> {
                assertThat(entry.run()).startsWith("late/");
                assertThat(entry.server()).contains(proxy.uri().toString());
                assertThat(entry.delivered()).isEqualTo(left.outstanding());
                assertThat(entry.outstanding()).isZero();
              });
      assertThat(progress).isNotEmpty();
    }
    assertThat(jobRuns("late"))
        .isEqualTo("FINISHED [('epochs', '2')] 2 ['model', 'provenance.json'] 1");
    assertThat(RunSync.below(home).run().entries()).isEmpty();
  }

  @Test
  void deliversADirectoryOfRunsWithTheRunsBelowThemAndThenNothing() {
    job("local", Mlflow.from(Map.of())).run();
    Path runs = home.resolve("mlruns");
    RunSync.Report nowhere = RunSync.below(home).run();
    assertThat(nowhere.isComplete()).isFalse();
    assertThat(nowhere.entries().get(0).reason()).get().asString().contains("Name one");

    RunSync sync = RunSync.below(runs).to(Mlflow.at(server.uri()));
    RunSync.Report report = sync.run();
    assertThat(report.isComplete()).as(report.toString()).isTrue();
    assertThat(report.entries()).hasSize(3);
    assertThat(jobRuns("local"))
        .isEqualTo("FINISHED [('epochs', '2')] 2 ['model', 'provenance.json'] 1");
    assertThat(
            server.python(
                """
                import mlflow
                top = mlflow.search_runs(experiment_names=['local'], output_format='list',
                    filter_string="tags.`hdl.job` = 'local'")
                below = mlflow.search_runs(experiment_names=['local'], output_format='list',
                    filter_string="tags.`mlflow.parentRunId` = '%s'" % top[0].info.run_id)
                print(sorted((r.info.run_name, r.info.status) for r in below), len(top))
                """))
        .contains("[('data', 'FINISHED'), ('train', 'FINISHED')] 1");

    assertThat(sync.run().entries()).isEmpty();
    assertThat(RunSync.below(home).to(Mlflow.at(server.uri())).run().entries()).isEmpty();
  }

  @Test
  void leavesAServerAloneThatDoesNotAnswer() throws Exception {
    URI nobody;
    try (FaultProxy proxy = FaultProxy.before(server.uri())) {
      nobody = proxy.uri();
    }
    job("first", Mlflow.at(nobody)).run();
    job("second", Mlflow.at(nobody)).run();
    job("third", Mlflow.from(Map.of())).run();
    long begun = System.nanoTime();
    RunSync.Report report = RunSync.below(home).to(Mlflow.at(nobody)).run();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(40));
    assertThat(report.entries()).hasSize(2 + 3).noneMatch(RunSync.Entry::isComplete);
    assertThat(report.entries())
        .allSatisfy(
            entry -> assertThat(entry.reason()).get().asString().contains("connection refused"));
  }

  @Test
  void theNextJobDeliversWhatAnEarlierOneLeftBehindAndSaysSo() throws Exception {
    try (FaultProxy proxy = FaultProxy.before(server.uri())) {
      proxy.always(Fault.reset());
      job("away", Mlflow.at(proxy.uri())).run();
      job("other-server", Mlflow.at("http://localhost:1")).run();
      assertThat(Leftovers.below(home)).hasSize(2);
      proxy.heal();
      CountDownLatch delivered = new CountDownLatch(1);
      HybridJob.named("next")
          .data(new SmallJob.Table())
          .train(
              new SmallJob.Constant(
                  context -> {
                    try {
                      assertThat(delivered.await(60, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }))
          .track(Mlflow.at(proxy.uri()).withoutSystemMetrics())
          .listener(events::add)
          .listener(
              event -> {
                if (event instanceof JobEvent.Notice notice
                    && notice.text().contains("left behind")) {
                  delivered.countDown();
                }
              })
          .home(home)
          .build()
          .run();
      assertThat(notices())
          .anyMatch(
              text ->
                  text.startsWith(
                      "Delivered to the MLflow server "
                          + proxy.uri()
                          + " what an earlier run left behind: "));
    }
    assertThat(jobRuns("away"))
        .isEqualTo("FINISHED [('epochs', '2')] 2 ['model', 'provenance.json'] 1");
    assertThat(Leftovers.below(home))
        .singleElement()
        .satisfies(left -> assertThat(left.folder()).startsWith(home.resolve("other-server")));
  }

  @Test
  void leftoversDoNotHoldUpTheEndOfAJob() throws Exception {
    try (FaultProxy proxy = FaultProxy.before(server.uri())) {
      proxy.always(Fault.reset());
      job("slow", Mlflow.at(proxy.uri())).run();
      proxy.always(Fault.stall());
      long begun = System.nanoTime();
      job("quick", Mlflow.at(proxy.uri())).run();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    }
  }

  @Test
  void givesAnOutboxBackToTheJobThatItBelongsTo() throws Exception {
    Path folder;
    try (FaultProxy proxy = FaultProxy.before(server.uri())) {
      proxy.always(Fault.reset());
      job("wanted", Mlflow.at(proxy.uri())).run();
      folder = Leftovers.below(home).get(0).folder();
      proxy.always(Fault.stall());
      CountDownLatch held = new CountDownLatch(1);
      CompletableFuture<RunSync.Report> sync =
          CompletableFuture.supplyAsync(
              () -> RunSync.below(home).progress(at -> held.countDown()).run());
      assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
      try (Outbox claimed =
          OutboxDelivery.claim(
              folder,
              OutboxSettings.defaults(),
              RunWarnings.ofDirectory(TestJobContext.in(home.resolve("x")), folder))) {
        assertThat(claimed.state().items()).isPositive();
      }
      assertThat(sync.get(60, TimeUnit.SECONDS).isComplete()).isFalse();
    }
    assertThat(folder.resolveSibling("outbox.wanted")).doesNotExist();
  }

  @Test
  void namesWhatIsNoDirectoryAndNoServer() {
    assertThatThrownBy(() -> RunSync.below(home.resolve("nowhere")).run())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessageContaining("there is no such directory");
    assertThatThrownBy(() -> RunSync.below(home).to(Mlflow.at("runs")).run())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessageContaining("Runs are delivered to a server, but runs is none");
  }
}
