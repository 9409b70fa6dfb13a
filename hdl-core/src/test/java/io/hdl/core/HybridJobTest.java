package io.hdl.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.event.JobEvent;
import io.hdl.core.run.RunId;
import io.hdl.core.run.RunRecord;
import io.hdl.core.run.RunState;
import io.hdl.core.run.RunStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HybridJobTest {
  @TempDir Path home;

  private final CountingSource source = new CountingSource();
  private final RecordingTracker tracker = new RecordingTracker();
  private final List<JobEvent> events = new CopyOnWriteArrayList<>();

  private HybridJob.Builder<CountingSource.Numbers, String> job(AveragingTrainer trainer) {
    return HybridJob.named("averages")
        .data(source)
        .train(trainer)
        .track(tracker)
        .home(home)
        .listener(events::add);
  }

  private List<RunRecord> runs() {
    return new RunStore(home, Clock.systemUTC(), RunId::create).runs("averages");
  }

  @Test
  void runsThroughAllStagesAndRecordsWhatItDid() {
    JobResult<String> result;
    try (HybridJob<String> job = job(new AveragingTrainer(3)).seed(42).build()) {
      result = job.run();
    }

    assertThat(result.model()).isEqualTo("average 2.0 after 3 epochs");
    assertThat(result.stages()).containsOnlyKeys("data", "train", "track");
    assertThat(result.provenance().data()).isPresent();
    assertThat(result.provenance().seed()).isEqualTo(42);
    assertThat(result.provenance().settings()).containsEntry("epochs", "3");
    assertThat(result.provenance().software()).containsKey("java");
    assertThat(source.closed()).isEqualTo(1);

    RunRecord record = runs().get(0);
    assertThat(record.state()).isEqualTo(RunState.FINISHED);
    assertThat(record.pins()).containsEntry("numbers.version", "7");
    assertThat(record.provenance()).isEqualTo(result.provenance());

    assertThat(tracker.calls())
        .containsSubsequence(
            "metric cache_hot_hits 2.0 @0",
            "metric cache_hot_misses 1.0 @0",
            "metric cache_hot_bytes_read 30.0 @0",
            "metric cache_hot_bytes_written 10.0 @0",
            "metric cache_hot_seconds_waited 0.5 @0",
            "metric cache_hot_failures 4.0 @0",
            "input numbers@7",
            "metric train_loss 1.0 @1",
            "metric train_loss 0.5 @2",
            "metric test_mae 0.25 @0",
            "metric test_mae_naive 0.75 @0",
            "model model",
            "artifact provenance.json",
            "finish FINISHED",
            "close");
  }

  @Test
  void deliversEventsInOrderBetweenStartAndEnd() {
    job(new AveragingTrainer(2)).build().run();

    assertThat(events.get(0)).isInstanceOf(JobEvent.JobStarted.class);
    assertThat(events.get(events.size() - 1))
        .isInstanceOfSatisfying(
            JobEvent.JobFinished.class, end -> assertThat(end.outcome()).isEqualTo("FINISHED"));
    assertThat(events.stream().filter(JobEvent.EpochFinished.class::isInstance)).hasSize(2);
  }

  @Test
  void reportsEveryProblemAtOnceBeforeAnythingIsOpened() {
    assertThatThrownBy(
            () ->
                HybridJob.named("bad name!")
                    .data(source)
                    .train(new AveragingTrainer(0))
                    .home(home)
                    .build())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessageContaining("has 2 problems")
        .hasMessageContaining("name: \"bad name!\"")
        .hasMessageContaining("epochs: 0 (expected: >= 1)");
    assertThat(source.opened()).isZero();
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void refusesTheNamesOfTheHomeDirectorysOwnFolders() {
    assertThatThrownBy(
            () -> HybridJob.named("mlruns").data(source).train(new AveragingTrainer(1)).build())
        .hasMessageContaining("name: \"mlruns\" (expected: another name than");
  }

  @Test
  void continuesAnInterruptedRunOnItsOwnVersion() {
    AveragingTrainer interrupted = new AveragingTrainer(3).cancelledInEpoch(2);
    assertThatThrownBy(() -> job(interrupted).build().run())
        .isInstanceOf(JobCancelledException.class)
        .hasMessageContaining("asked by the test");
    assertThat(runs()).hasSize(1);
    assertThat(runs().get(0).state()).isEqualTo(RunState.INTERRUPTED);
    assertThat(tracker.calls()).contains("finish INTERRUPTED");

    source.publishVersion(8);
    JobResult<String> result = job(new AveragingTrainer(3)).build().run();

    assertThat(runs()).hasSize(1);
    assertThat(runs().get(0).attempts()).isEqualTo(2);
    assertThat(runs().get(0).state()).isEqualTo(RunState.FINISHED);
    assertThat(result.provenance().data().orElseThrow().version()).isEqualTo(7);
    assertThat(events)
        .filteredOn(JobEvent.JobStarted.class::isInstance)
        .extracting(event -> ((JobEvent.JobStarted) event).resumed().orElse("new"))
        .containsExactly("new", "attempt 1");
  }

  @Test
  void beginsANewRunWhenTheSettingsChanged() {
    assertThatThrownBy(() -> job(new AveragingTrainer(3).cancelledInEpoch(1)).build().run())
        .isInstanceOf(JobCancelledException.class);

    source.publishVersion(8);
    JobResult<String> result = job(new AveragingTrainer(4)).build().run();

    assertThat(runs()).hasSize(2);
    assertThat(result.provenance().data().orElseThrow().version()).isEqualTo(8);
    // Both may have begun in the same second, so their order tells nothing.
    RunRecord leftBehind =
        runs().stream().filter(run -> run.state() != RunState.FINISHED).findFirst().orElseThrow();
    assertThat(events)
        .filteredOn(JobEvent.Notice.class::isInstance)
        .extracting(event -> ((JobEvent.Notice) event).text())
        .containsExactly(
            "This is a new run, from the start: the run "
                + leftBehind.runId()
                + " of this job was interrupted, but goes on only with the settings that it was"
                + " begun with (epochs: 3 then, 4 now).");
  }

  @Test
  void marksAFailedRunAndKeepsTheError() {
    AveragingTrainer failing = new AveragingTrainer(3).failingInEpoch(2);

    assertThatThrownBy(() -> job(failing).build().run())
        .isInstanceOf(HdlException.class)
        .hasMessage("The loss is NaN");
    assertThat(runs().get(0).state()).isEqualTo(RunState.FAILED);
    assertThat(runs().get(0).error()).contains("The loss is NaN");
    assertThat(tracker.calls()).contains("finish FAILED");
    assertThat(source.closed()).isEqualTo(1);
  }

  @Test
  void goesOnAfterAFailureOfWhatLiesAroundIt() {
    HdlException full = new HdlException(ErrorCode.NO_SPACE, "The disk is full");
    assertThatThrownBy(() -> job(new AveragingTrainer(3).failingInEpoch(2, full)).build().run())
        .isSameAs(full);
    assertThat(runs().get(0).state()).isEqualTo(RunState.INTERRUPTED);
    assertThat(runs().get(0).error()).contains("The disk is full");

    source.publishVersion(8);
    JobResult<String> result = job(new AveragingTrainer(3)).build().run();

    assertThat(runs()).hasSize(1);
    assertThat(result.provenance().data().orElseThrow().version()).isEqualTo(7);
  }

  @Test
  void aFailingListenerNeverEndsTheJob() {
    List<String> heard = new ArrayList<>();
    HybridJob<String> job =
        job(new AveragingTrainer(1))
            .listener(
                event -> {
                  throw new IllegalStateException("broken listener");
                })
            .listener(event -> heard.add(event.getClass().getSimpleName()))
            .build();

    assertThat(job.run().model()).contains("average");
    assertThat(heard).contains("JobStarted", "JobFinished");
  }

  @Test
  void aFailingTrackerNeverEndsTheTraining() {
    tracker.failOnMetrics();

    assertThat(job(new AveragingTrainer(2).withoutScores()).build().run().model())
        .contains("average");
  }

  @Test
  void refusesToRunTwice() {
    HybridJob<String> job = job(new AveragingTrainer(1)).build();
    job.run();

    assertThatThrownBy(job::run).hasMessageContaining("was run before");
  }

  @Test
  void refusesASecondJobInTheJvmByTheNameOfTheFirst() throws Exception {
    CountDownLatch training = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (HybridJob<String> first =
        job(new AveragingTrainer(1).onEpoch(() -> await(training, release))).build()) {
      Future<JobResult<String>> running = threads.submit(first::run);
      assertThat(training.await(10, TimeUnit.SECONDS)).isTrue();

      HybridJob<String> second =
          HybridJob.named("second")
              .data(source)
              .train(new AveragingTrainer(1))
              .home(home)
              .whenBusy(WhenBusy.REFUSE)
              .build();
      assertThatThrownBy(second::run)
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY))
          .hasMessageContaining("the job \"averages\" trains in this JVM");
      release.countDown();
      assertThat(running.get(10, TimeUnit.SECONDS).model()).contains("average");
    } finally {
      release.countDown();
      threads.shutdownNow();
    }
  }

  @Test
  void canBeCancelledFromAnotherThread() throws Exception {
    CountDownLatch training = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (HybridJob<String> job =
        job(new AveragingTrainer(5).onEpoch(() -> await(training, release))).build()) {
      Future<JobResult<String>> running = threads.submit(job::run);
      assertThat(training.await(10, TimeUnit.SECONDS)).isTrue();
      job.cancel("no longer needed");
      release.countDown();

      assertThatThrownBy(() -> running.get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("The job was cancelled: no longer needed");
      assertThat(runs().get(0).state()).isEqualTo(RunState.INTERRUPTED);
    } finally {
      release.countDown();
      threads.shutdownNow();
    }
  }

  @Test
  void saysWhichHomeDirectoryCannotBeWritten() throws Exception {
    Path file = Files.writeString(home.resolve("a-file"), "not a folder");

    assertThatThrownBy(() -> job(new AveragingTrainer(1)).home(file).build().run())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILURE))
        .hasMessageContaining("Cannot write to the hdl home directory " + file)
        .hasMessageContaining("HDL_HOME");
    assertThat(source.opened()).isZero();
  }

  @Test
  void sigtermEndsTheRunInOrderAndLeavesItToBeContinued() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LongJob.class.getName(),
                home.toString())
            .redirectErrorStream(true)
            .start();
    try (var output = process.inputReader()) {
      String line = output.readLine();
      while (line != null && !line.equals("training")) {
        line = output.readLine();
      }
      assertThat(line).isEqualTo("training");
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(128 + 15);
    } finally {
      process.destroyForcibly();
    }

    RunRecord record = new RunStore(home, Clock.systemUTC(), RunId::create).runs("long").get(0);
    assertThat(record.state()).isEqualTo(RunState.INTERRUPTED);
    assertThat(record.error().orElseThrow()).contains("SIGTERM");
  }

  private static void await(CountDownLatch reached, CountDownLatch release) {
    reached.countDown();
    try {
      assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A process of its own that trains until it is asked to end. */
  static final class LongJob {
    public static void main(String[] arguments) {
      CountDownLatch never = new CountDownLatch(1);
      HybridJob.named("long")
          .data(new CountingSource())
          .train(
              new AveragingTrainer(1_000_000)
                  .onEpoch(
                      () -> {
                        System.out.println("training");
                        try {
                          boolean done = never.await(20, TimeUnit.MILLISECONDS);
                          assertThat(done).isFalse();
                        } catch (InterruptedException e) {
                          Thread.currentThread().interrupt();
                        }
                      }))
          .home(Path.of(arguments[0]))
          .gracePeriod(Duration.ofSeconds(20))
          .build()
          .run();
    }
  }
}
