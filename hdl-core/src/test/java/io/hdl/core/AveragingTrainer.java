package io.hdl.core;

import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.event.JobEvent;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.Trained;
import io.hdl.core.job.Trainer;
import io.hdl.core.storage.AtomicPublish;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Averages its numbers, slowly, over epochs that can be disturbed. */
final class AveragingTrainer implements Trainer<CountingSource.Numbers, String> {
  private final int epochs;
  private int cancelIn = -1;
  private int failIn = -1;
  private HdlException failure = new HdlException(ErrorCode.DIVERGED, "The loss is NaN");
  private boolean scores = true;
  private Runnable onEpoch = () -> {};
  private Consumer<JobContext> before = context -> {};
  private Runnable preparation = () -> {};

  AveragingTrainer(int epochs) {
    this.epochs = epochs;
  }

  AveragingTrainer cancelledInEpoch(int epoch) {
    cancelIn = epoch;
    return this;
  }

  AveragingTrainer failingInEpoch(int epoch) {
    failIn = epoch;
    return this;
  }

  /** Keeps a state to go on from before it fails. */
  AveragingTrainer failingInEpoch(int epoch, HdlException with) {
    failure = with;
    return failingInEpoch(epoch);
  }

  AveragingTrainer withoutScores() {
    scores = false;
    return this;
  }

  AveragingTrainer onEpoch(Runnable action) {
    onEpoch = action;
    return this;
  }

  /** Does something with the job's context before the first epoch. */
  AveragingTrainer before(Consumer<JobContext> action) {
    before = action;
    return this;
  }

  AveragingTrainer preparedBy(Runnable action) {
    preparation = action;
    return this;
  }

  @Override
  public void prepare(HybridEnvironment environment) {
    preparation.run();
  }

  @Override
  public void check(Problems problems) {
    problems.require(epochs >= 1, () -> "epochs: " + epochs + " (expected: >= 1)");
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("epochs", Integer.toString(epochs));
  }

  @Override
  public Trained<String> train(CountingSource.Numbers data, JobContext context) {
    before.accept(context);
    for (int epoch = 1; epoch <= epochs; epoch++) {
      onEpoch.run();
      if (epoch == cancelIn) {
        context.cancellation().request("asked by the test");
      }
      context.cancellation().throwIfRequested();
      if (epoch == failIn) {
        AtomicPublish.text(context.directory().checkpoints().resolve("state"), "epoch " + epoch);
        throw failure;
      }
      context
          .events()
          .publish(
              new JobEvent.EpochFinished(
                  context.clock().instant(),
                  epoch,
                  epochs,
                  epoch,
                  Map.of("train_loss", 1.0 / epoch),
                  Duration.ZERO));
    }
    double average = data.values().stream().mapToDouble(d -> d).average().orElseThrow();
    Scores model = scores ? new Scores(Map.of("mae", 0.25)) : Scores.NONE;
    Scores naive = scores ? new Scores(Map.of("mae", 0.75)) : Scores.NONE;
    return new Trained<>(
        "average " + average + " after " + epochs + " epochs",
        new Evaluation("test", model, Scores.NONE, Map.of("naive", naive), 1, 1),
        GateDecision.notJudged("a test"),
        List.of(new Artifact(Artifact.Kind.MODEL, "model", context.directory().model())));
  }
}
