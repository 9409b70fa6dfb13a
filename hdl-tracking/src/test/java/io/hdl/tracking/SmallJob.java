package io.hdl.tracking;

import io.hdl.core.error.Problems;
import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.event.JobEvent;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.DataSource;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.Opened;
import io.hdl.core.job.Trained;
import io.hdl.core.job.Trainer;
import io.hdl.core.storage.AtomicPublish;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A source and a trainer that take no time. */
final class SmallJob {
  private SmallJob() {}

  /** Tells that an epoch ended. */
  static void publish(JobContext context, int epoch, int epochs) {
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

  /** Leaves a small model behind, which passed. */
  static Trained<String> trained(JobContext context) {
    Path model = context.directory().model();
    AtomicPublish.text(model.resolve("weights"), "1,2,3");
    return new Trained<>(
        "model",
        new Evaluation("test", new Scores(Map.of("wape", 0.1)), Scores.NONE, Map.of(), 1, 1),
        new GateDecision(GateDecision.Verdict.PASSED, List.of()),
        List.of(new Artifact(Artifact.Kind.MODEL, "model", model)));
  }

  static final class Table implements DataSource<String> {
    @Override
    public void check(Problems problems) {}

    @Override
    public Map<String, String> settings() {
      return Map.of("table", "sales");
    }

    @Override
    public Opened<String> open(JobContext context) {
      return new Opened<>("rows", TrackedRunContract.data(17), Map.of());
    }
  }

  record Constant(Consumer<JobContext> afterFirstEpoch) implements Trainer<String, String> {
    @Override
    public void check(Problems problems) {}

    @Override
    public Map<String, String> settings() {
      return Map.of("epochs", "2");
    }

    @Override
    public Trained<String> train(String data, JobContext context) {
      for (int epoch = 1; epoch <= 2; epoch++) {
        publish(context, epoch, 2);
        if (epoch == 1) {
          afterFirstEpoch.accept(context);
        }
      }
      return trained(context);
    }
  }
}
