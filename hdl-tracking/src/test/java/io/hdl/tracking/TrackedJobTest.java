package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.HybridJob;
import io.hdl.core.JobResult;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.event.JobEvent;
import io.hdl.core.identity.Secret;
import io.hdl.core.job.JobContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole job in a directory of runs, from its params to its model. */
class TrackedJobTest {
  @TempDir Path home;

  @Test
  void keepsAWholeJob() throws IOException {
    JobResult<String> result;
    try (HybridJob<String> job = job(context -> {})) {
      result = job.run();
    }

    Path run = onlyRun();
    assertThat(result.trackedAt()).contains(run.toString());
    assertThat(run.resolve("params/epochs")).hasContent("2");
    assertThat(run.resolve("params/seed")).exists();
    assertThat(Files.readString(run.resolve("metrics/train_loss"))).endsWith(" 0.5 2\n");
    assertThat(run.resolve("metrics/test_wape")).exists();
    assertThat(run.resolve("tags/hdl.gate")).hasContent("PASSED");
    assertThat(run.resolve("tags/hdl.job")).hasContent("demand");
    assertThat(run.resolve("artifacts/model/weights")).hasContent("1,2,3");
    assertThat(run.resolve("artifacts/provenance.json")).exists();
    assertThat(Files.readString(run.resolve("meta.yaml"))).contains("status: 3\n");
    assertThat(Files.readString(run.resolveSibling("meta.yaml"))).contains("name: \"demand\"");
    try (Stream<Path> inputs = Files.list(run.resolve("inputs"))) {
      assertThat(inputs).hasSize(1);
    }
    assertThat(run.resolve("tags/mlflow.note.content"))
        .content()
        .contains("| wape | 0.1000 |", "**Gate: passed**", "at version 17");
    assertThat(run.resolve("tags/mlflow.source.name")).isNotEmptyFile();
    assertThat(run.resolve("metrics/system/jvm_heap_usage_megabytes")).isNotEmptyFile();
    for (String stage : List.of("data", "train")) {
      Path part = below(run, stage);
      assertThat(Files.readString(part.resolve("meta.yaml"))).contains("status: 3\n");
      assertThat(part.resolve("metrics/duration_seconds")).isNotEmptyFile();
    }
  }

  @Test
  void leavesOutHowBusyTheMachineIsWhereNobodyWantsIt() throws IOException {
    try (HybridJob<String> job =
        HybridJob.named("demand")
            .data(new SmallJob.Table())
            .train(new SmallJob.Constant(context -> {}))
            .track(Mlflow.from(Map.of("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "false")))
            .home(home)
            .build()) {
      job.run();
    }
    assertThat(onlyRun().resolve("metrics/system")).doesNotExist();
  }

  @Test
  void keepsWhatListenersAndTrainersLog() throws IOException {
    try (HybridJob<String> job =
        HybridJob.named("demand")
            .data(new SmallJob.Table())
            .train(
                new SmallJob.Constant(
                    context -> {
                      context.tracking().metric("own/trainer", 1, 1);
                      context.tracking().nested("warm-up").metric("loss", 2, 1);
                    }))
            .track(Mlflow.from(Map.of()))
            .trackingListener(
                (event, run) -> {
                  if (event instanceof JobEvent.EpochFinished epoch) {
                    run.metric("own/listener", epoch.epoch(), epoch.epoch());
                  }
                })
            .home(home)
            .build()) {
      job.run();
    }
    Path run = onlyRun();
    assertThat(run.resolve("metrics/own/trainer")).isNotEmptyFile();
    assertThat(Files.readAllLines(run.resolve("metrics/own/listener"))).hasSize(2);
    assertThat(below(run, "warm-up").resolve("metrics/loss")).isNotEmptyFile();
    assertThat(Files.readString(below(run, "warm-up").resolve("meta.yaml")))
        .contains("status: 3\n");
  }

  @Test
  void continuesTheRunOfAJobThatWasStopped() throws IOException {
    try (HybridJob<String> job =
        job(
            context -> {
              context.cancellation().request("SIGTERM");
              context.cancellation().throwIfRequested();
            })) {
      assertThatThrownBy(job::run).isInstanceOf(JobCancelledException.class);
    }
    Path run = onlyRun();
    assertThat(Files.readString(run.resolve("meta.yaml"))).contains("status: 5\n");
    assertThat(Files.readString(run.resolve("tags/hdl.error"))).contains("SIGTERM");

    try (HybridJob<String> job = job(context -> assertThat(context.resumed()).isTrue())) {
      job.run();
    }
    assertThat(onlyRun()).isEqualTo(run);
    assertThat(Files.readString(run.resolve("meta.yaml"))).contains("status: 3\n");
    // The first epoch was done twice, and is there once.
    assertThat(Files.readAllLines(run.resolve("metrics/train_loss")))
        .extracting(line -> line.substring(line.indexOf(' ') + 1))
        .containsExactly("1.0 1", "0.5 2");
    assertThat(run.resolve("tags/hdl.error")).isEmptyFile();
  }

  @Test
  void marksAJobThatFailed() throws IOException {
    try (HybridJob<String> job =
        job(
            context -> {
              throw new HdlException(ErrorCode.DIVERGED, "the loss is NaN at step 7");
            })) {
      assertThatThrownBy(job::run).hasMessageContaining("the loss is NaN");
    }
    assertThat(Files.readString(onlyRun().resolve("meta.yaml"))).contains("status: 4\n");
    assertThat(Files.readString(onlyRun().resolve("tags/hdl.error"))).contains("step 7");
    assertThat(onlyRun().resolve("artifacts/error.txt"))
        .content()
        .contains("the loss is NaN at step 7", "TrackedJobTest");
    assertThat(Files.readString(below(onlyRun(), "train").resolve("meta.yaml")))
        .contains("status: 4\n");
    assertThat(Files.readString(below(onlyRun(), "data").resolve("meta.yaml")))
        .contains("status: 3\n");
  }

  @Test
  void keepsNoSecretThatAJobTells() throws IOException {
    String secret = Secret.of("a-password-of-the-lake").reveal();
    try (HybridJob<String> job =
        job(
            context -> {
              context.tracking().tags(Map.of("told", "it is " + secret));
              context.tracking().params(Map.of("told", "it is " + secret));
              context.warning("signing in with " + secret);
              throw new HdlException(ErrorCode.UNAUTHENTICATED, "the lake refuses " + secret);
            })) {
      assertThatThrownBy(job::run).hasMessage("the lake refuses [redacted]");
    }

    assertThat(onlyRun().resolve("tags/told")).hasContent("it is [redacted]");
    try (Stream<Path> files = Files.walk(home)) {
      assertThat(files.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain(secret));
    }
  }

  private HybridJob<String> job(Consumer<JobContext> afterFirstEpoch) {
    return HybridJob.named("demand")
        .data(new SmallJob.Table())
        .train(new SmallJob.Constant(afterFirstEpoch))
        .track(Mlflow.from(Map.of()))
        .home(home)
        .build();
  }

  private Path onlyRun() throws IOException {
    try (Stream<Path> folders = Files.walk(home.resolve("mlruns"), 2)) {
      List<Path> runs =
          folders
              .filter(path -> path.getFileName().toString().matches("[0-9a-f]{32}"))
              .filter(path -> !Files.exists(path.resolve("tags/mlflow.parentRunId")))
              .toList();
      assertThat(runs).hasSize(1);
      return runs.get(0);
    }
  }

  private Path below(Path run, String name) throws IOException {
    try (Stream<Path> runs = Files.list(run.getParent())) {
      return runs.filter(path -> isBelow(path, run, name)).findFirst().orElseThrow();
    }
  }

  private static boolean isBelow(Path path, Path run, String name) {
    try {
      Path parent = path.resolve("tags/mlflow.parentRunId");
      return Files.exists(parent)
          && Files.readString(parent).equals(run.getFileName().toString())
          && Files.readString(path.resolve("tags/mlflow.runName")).equals(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
