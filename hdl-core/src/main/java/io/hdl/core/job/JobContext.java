package io.hdl.core.job;

import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.event.EventSink;
import io.hdl.core.event.JobEvent;
import io.hdl.core.run.RunDirectory;
import io.hdl.core.run.RunRecord;
import java.time.Clock;
import java.util.function.Supplier;

/** What a running job offers to its source, trainer and tracker. Thread-safe. */
public interface JobContext {
  /** The run's files. */
  RunDirectory directory();

  /** What is recorded of the run so far: its pins and provenance, the data's once it is open. */
  RunRecord record();

  /** The machine that the job runs on. */
  HybridEnvironment environment();

  /** The seed that every random choice of the run comes from. */
  long seed();

  /** The clock that stamps events and metrics. */
  Clock clock();

  /** Takes the job's events. */
  EventSink events();

  /** Tells when to stop. */
  Cancellation cancellation();

  /** Whether this run continues an earlier, unfinished attempt. */
  boolean resumed();

  /**
   * A value that stays the same for the whole life of the run: the recorded one if there is one,
   * else the supplied one, which is recorded durably, as it is, before this method returns: pin no
   * secret.
   */
  String pin(String name, Supplier<String> resolve);

  /** The run at the tracker, for metrics and tags of the user's own. */
  TrackedRun tracking();

  /** Publishes a notice. */
  default void notice(String text) {
    events().publish(new JobEvent.Notice(clock().instant(), text));
  }

  /** Publishes a warning. */
  default void warning(String text) {
    events().publish(new JobEvent.Warning(clock().instant(), text));
  }
}
