package io.hdl.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.event.JobEvent;
import io.hdl.core.identity.Secret;
import io.hdl.core.run.RunId;
import io.hdl.core.run.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job tells its tracker. */
class JobTrackingTest {
  @TempDir Path home;
  private final CountingSource source = new CountingSource();
  private final RecordingTracker tracker = new RecordingTracker();

  private HybridJob.Builder<CountingSource.Numbers, String> job(AveragingTrainer trainer) {
    return HybridJob.named("averages").data(source).train(trainer).track(tracker).home(home);
  }

  private Path runFolder() {
    return home.resolve("averages")
        .resolve(
            new RunStore(home, Clock.systemUTC(), RunId::create).runs("averages").get(0).runId());
  }

  @Test
  void keepsDataAndTrainingAsNestedRuns() {
    job(new AveragingTrainer(2)).build().run();

    assertThat(tracker.calls())
        .containsSubsequence(
            "nested data",
            "data: metric duration_seconds @1",
            "data: finish FINISHED",
            "data: close",
            "nested train",
            "metric train_loss 0.5 @2",
            "train: metric duration_seconds @1",
            "train: finish FINISHED",
            "train: close",
            "finish FINISHED");
  }

  @Test
  void marksTheStageThatFailedAndKeepsTheTrace() throws IOException {
    String secret = Secret.of("a-password-of-the-trainer").reveal();
    AveragingTrainer failing =
        new AveragingTrainer(3)
            .failingInEpoch(
                2, new HdlException(ErrorCode.DIVERGED, "The loss is NaN, said " + secret));
    assertThatThrownBy(() -> job(failing).build().run()).hasMessageContaining("The loss is NaN");

    assertThat(tracker.calls())
        .containsSubsequence(
            "data: finish FINISHED",
            "train: finish FAILED",
            "artifact error.txt",
            "summary **Failed:** The loss is NaN, said [redacted]\n",
            "finish FAILED");
    assertThat(Files.readString(runFolder().resolve("error.txt")))
        .startsWith("io.hdl.core.error.HdlException: The loss is NaN, said [redacted]")
        .contains("at io.hdl.core.JobTrackingTest.marks");
  }

  @Test
  void marksTheStageThatWasStoppedAndNumbersItsAttempts() {
    assertThatThrownBy(() -> job(new AveragingTrainer(3).cancelledInEpoch(2)).build().run())
        .isInstanceOf(JobCancelledException.class);
    assertThat(tracker.calls())
        .containsSubsequence("train: finish INTERRUPTED", "finish INTERRUPTED")
        .doesNotContain("artifact error.txt");

    job(new AveragingTrainer(3)).build().run();
    assertThat(tracker.calls())
        .containsSubsequence(
            "train: metric duration_seconds @1",
            "train: metric duration_seconds @2",
            "train: finish FINISHED");
  }

  @Test
  void marksTheDataStageWhenTheSourceFails() {
    source.failWhenOpened();
    assertThatThrownBy(() -> job(new AveragingTrainer(1)).build().run())
        .hasMessage("no such table");
    assertThat(tracker.calls())
        .containsSubsequence("data: finish FAILED", "artifact error.txt", "finish FAILED")
        .doesNotContain("nested train");
  }

  @Test
  void tellsTheResultInWords() {
    job(new AveragingTrainer(1)).build().run();
    assertThat(tracker.calls())
        .contains(
            """
            summary | test | model | naive |
            |---|---:|---:|
            | mae | 0.2500 | 0.7500 |

            1 series, 1 windows.

            **Gate: not judged**
            - a test

            Data: `memory:numbers` at version 7 (3 rows).
            """);
  }

  @Test
  void thinsTheLossesOfSteps() {
    AveragingTrainer trainer =
        new AveragingTrainer(1)
            .before(
                context -> {
                  for (long step = 1; step <= 5000; step++) {
                    context
                        .events()
                        .publish(
                            new JobEvent.StepFinished(
                                context.clock().instant(),
                                1,
                                1,
                                step,
                                5000,
                                step,
                                Duration.ZERO,
                                step % 2 == 0
                                    ? OptionalDouble.of((double) step)
                                    : OptionalDouble.empty()));
                  }
                });
    job(trainer).build().run();

    List<String> steps =
        tracker.calls().stream().filter(call -> call.contains("train_loss_step")).toList();
    assertThat(steps)
        .hasSize(1250)
        .startsWith("metric train_loss_step 4.0 @4")
        .endsWith("metric train_loss_step 5000.0 @5000");
  }

  @Test
  void letsListenersAndTrainersLogTheirOwn() {
    AveragingTrainer trainer =
        new AveragingTrainer(3)
            .before(
                context -> {
                  context.tracking().metric("windows", 12, 0);
                  context.tracking().nested("warm-up").metric("loss", 1, 1);
                });
    job(trainer)
        .trackingListener(
            (event, run) -> {
              if (event instanceof JobEvent.EpochFinished epoch) {
                run.metric("own", epoch.epoch(), epoch.epoch());
              } else if (event instanceof JobEvent.JobStarted) {
                run.metric("started", 1, 0);
              }
              throw new IllegalStateException("a listener that fails");
            })
        .build()
        .run();

    assertThat(tracker.calls())
        .contains("metric windows 12.0 @0", "nested warm-up", "warm-up: metric loss @1")
        .containsSubsequence(
            "metric started 1.0 @0",
            "metric own 1.0 @1",
            "metric own 2.0 @2",
            "metric own 3.0 @3",
            "finish FINISHED");
  }

  @Test
  void tellsHowBusyTheMachineIsUntilTheTrainingEnds() {
    tracker.askForUsage(Duration.ofHours(1));
    job(new AveragingTrainer(1)).build().run();

    assertThat(tracker.calls())
        .anyMatch(call -> call.startsWith("metric system/cpu_utilization_percentage "))
        .anyMatch(call -> call.startsWith("metric system/system_memory_usage_megabytes "))
        .anyMatch(call -> call.startsWith("metric system/jvm_heap_usage_megabytes "));
    assertThat(tracker.calls().indexOf("finish FINISHED"))
        .isGreaterThan(
            tracker.calls().stream()
                .map(call -> call.startsWith("metric system/"))
                .toList()
                .lastIndexOf(true));
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("hdl-usage"));
  }

  @Test
  void tellsEachSecondsUseOnce() {
    tracker.askForUsage(Duration.ofMillis(5));
    AveragingTrainer trainer =
        new AveragingTrainer(1)
            .onEpoch(
                () -> {
                  long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                  while (usageSteps().size() < 2 && System.nanoTime() < until) {
                    LockSupport.parkNanos(1_000_000);
                  }
                });
    job(trainer).build().run();
    assertThat(usageSteps()).hasSizeGreaterThanOrEqualTo(2).doesNotHaveDuplicates();
  }

  private List<String> usageSteps() {
    return tracker.calls().stream()
        .filter(call -> call.startsWith("metric system/jvm_heap_usage_megabytes"))
        .map(call -> call.substring(call.indexOf('@')))
        .toList();
  }
}
