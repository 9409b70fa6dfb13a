package io.hdl.train;

import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.event.EventSink;
import io.hdl.core.event.JobEvent;
import io.hdl.core.job.Cancellation;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.run.RunDirectory;
import io.hdl.core.run.RunRecord;
import io.hdl.train.evaluate.Fold;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What one fold of a rolling backtest sees of its job: a folder and pins of its own. Of its events
 * warnings alone go out, with the fold's name.
 */
record FoldContext(JobContext job, Fold fold) implements JobContext {
  @Override
  public RunDirectory directory() {
    RunDirectory whole = job.directory();
    return new RunDirectory(whole.home(), whole.job(), whole.runId() + "/folds/" + fold.number());
  }

  @Override
  public RunRecord record() {
    return job.record();
  }

  @Override
  public HybridEnvironment environment() {
    return job.environment();
  }

  @Override
  public long seed() {
    return job.seed();
  }

  @Override
  public Clock clock() {
    return job.clock();
  }

  @Override
  public EventSink events() {
    return event -> {
      if (event instanceof JobEvent.Warning warning) {
        job.warning(fold + ": " + warning.text());
      } else if (event instanceof JobEvent.EpochFinished epoch) {
        TrackedRun run = tracking();
        epoch.metrics().forEach((key, value) -> run.metric(key, value, epoch.epoch()));
        run.persist();
      }
    };
  }

  @Override
  public Cancellation cancellation() {
    return job.cancellation();
  }

  @Override
  public boolean resumed() {
    return job.resumed();
  }

  @Override
  public String pin(String name, Supplier<String> resolve) {
    return job.pin("fold_" + fold.number() + "." + name, resolve);
  }

  @Override
  public TrackedRun tracking() {
    return tracked(job, fold.number());
  }

  /** A fold is a run below the job's at the tracker. */
  static TrackedRun tracked(JobContext job, int number) {
    return job.tracking().nested("fold " + number);
  }
}
