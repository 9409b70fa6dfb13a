package io.hdl.tracking;

import io.hdl.core.HybridJob;
import io.hdl.core.error.Problems;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.job.Trained;
import io.hdl.core.job.Trainer;
import io.hdl.core.storage.AtomicPublish;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A process that runs a tracked job, to be killed at any moment and started again. */
final class KilledJob {
  static final String JOB = "killed";
  static final int EPOCHS = 5;
  static final int STEPS = 60;

  private KilledJob() {}

  /** Arguments: the home directory, the server. */
  public static void main(String[] arguments) {
    try (HybridJob<String> job =
        HybridJob.named(JOB)
            .data(new SmallJob.Table())
            .train(new Slow())
            .track(
                Mlflow.at(URI.create(arguments[1]))
                    .systemMetricsEvery(Duration.ofSeconds(1))
                    .flushWithin(Duration.ofMinutes(2)))
            .home(Path.of(arguments[0]))
            .build()) {
      job.run();
    }
  }

  /** The value of a step; every seventh is no number. */
  static double value(long step) {
    return step % 7 == 0 ? Double.NaN : step;
  }

  /** Begins at its first step each time, as a trainer does that was killed before a checkpoint. */
  private static final class Slow implements Trainer<String, String> {
    @Override
    public void check(Problems problems) {}

    @Override
    public Map<String, String> settings() {
      return Map.of("epochs", Integer.toString(EPOCHS));
    }

    @Override
    public Trained<String> train(String data, JobContext context) {
      TrackedRun run = context.tracking();
      for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        TrackedRun window = run.nested("window-" + epoch);
        for (int step = (epoch - 1) * STEPS + 1; step <= epoch * STEPS; step++) {
          run.metric("own", value(step), step);
          window.metric("share", value(step), step);
          LockSupport.parkNanos(3_000_000);
        }
        run.params(Map.of("p" + epoch, "v" + epoch));
        Path note = context.directory().report().resolve("note-" + epoch);
        AtomicPublish.text(note, "note " + epoch);
        run.artifact(new Artifact(Artifact.Kind.OTHER, "notes/note-" + epoch, note));
        SmallJob.publish(context, epoch, EPOCHS);
      }
      return SmallJob.trained(context);
    }
  }
}
