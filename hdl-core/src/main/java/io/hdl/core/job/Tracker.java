package io.hdl.core.job;

import io.hdl.core.error.Problems;
import io.hdl.core.run.RunRecord;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Keeps what runs report: params, metrics, artifacts. Implementations are immutable. */
public interface Tracker {
  /** Adds every problem that can be found without I/O. */
  void check(Problems problems);

  /** Where and how it tracks, without secrets; recorded, but not part of a run's fingerprint. */
  Map<String, String> settings();

  /**
   * Opens the tracker's side of a run, or finds it again when the run is continued (ids are kept
   * with {@link JobContext#pin}). Must not fail because a server is away: the run is then kept on
   * this machine and a {@link io.hdl.core.event.JobEvent.Warning} says so.
   */
  TrackedRun open(RunRecord run, JobContext context);

  /**
   * How often a job tells how busy the machine is, as metrics below {@code system/}; empty: not at
   * all. Every 10 seconds unless a tracker says otherwise.
   */
  default Optional<Duration> usageInterval() {
    return Optional.of(Duration.ofSeconds(10));
  }

  /** A tracker that keeps nothing beyond the run directory. */
  static Tracker none() {
    return NoTracker.INSTANCE;
  }
}
