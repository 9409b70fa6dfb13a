package io.hdl.core.event;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.provenance.DataProvenance;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Something that happened in a job. Every event carries the time at which it happened. */
public sealed interface JobEvent {
  /** When it happened. */
  Instant at();

  /** The run has a directory and begins; {@code resumed} names what it continues from. */
  record JobStarted(Instant at, String job, String runId, Path directory, Optional<String> resumed)
      implements JobEvent {}

  /** A stage begins: {@code data}, {@code train}, {@code evaluate}, {@code track}. */
  record StageStarted(Instant at, String stage) implements JobEvent {}

  /** A stage is done. */
  record StageFinished(Instant at, String stage, Duration took) implements JobEvent {}

  /** The data is open, its version pinned. */
  record DataOpened(Instant at, DataProvenance data, Map<String, String> facts)
      implements JobEvent {
    /** Copies the facts and keeps their order. */
    public DataOpened {
      facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }
  }

  /**
   * A training step is done. Under load such events may be dropped for a slow listener; all others
   * are always delivered.
   *
   * @param epoch number of the epoch, from 1
   * @param epochs planned epochs
   * @param step steps done so far in the whole training, from 1
   * @param steps planned steps of the whole training
   * @param windows windows trained on so far, this process only
   * @param elapsed training time so far, this process only
   * @param loss the loss, on the steps at which it is read back
   */
  record StepFinished(
      Instant at,
      int epoch,
      int epochs,
      long step,
      long steps,
      long windows,
      Duration elapsed,
      OptionalDouble loss)
      implements JobEvent {}

  /**
   * An epoch is done.
   *
   * @param epoch number of the epoch, from 1
   * @param epochs planned epochs
   * @param metrics for instance {@code train_loss}, {@code validation_loss}, {@code learning_rate}
   */
  record EpochFinished(
      Instant at, int epoch, int epochs, long step, Map<String, Double> metrics, Duration took)
      implements JobEvent {
    /** Copies the metrics and keeps their order. */
    public EpochFinished {
      metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
  }

  /**
   * Where the time of an epoch's training steps went; validation and the end of the epoch are not
   * part of it.
   *
   * @param epoch number of the epoch, from 1
   * @param steps steps of this process in the epoch
   * @param windows windows of these steps
   * @param took wall time of these steps
   * @param phases time by phase, in order: {@code input} (waiting for a batch), {@code host_copy},
   *     {@code forward}, {@code backward}, {@code exchange}, {@code optimizer} and {@code
   *     bookkeeping}; their sum is {@code took}
   */
  record StepAccount(
      Instant at, int epoch, long steps, long windows, Duration took, Map<String, Duration> phases)
      implements JobEvent {
    private static final Map<String, String> BOUND_BY =
        Map.of(
            "input", "input-bound",
            "host_copy", "host-bound",
            "bookkeeping", "host-bound",
            "exchange", "exchange-bound");

    /** Copies the phases and keeps their order. */
    public StepAccount {
      phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
    }

    /** Windows trained on per second; 0 if no time has passed. */
    public double windowsPerSecond() {
      return took.isZero() ? 0 : windows / (took.toNanos() / 1e9);
    }

    /** Share of a phase in the time, from 0 to 1. */
    public double share(String phase) {
      return took.isZero()
          ? 0
          : (double) phases.getOrDefault(phase, Duration.ZERO).toNanos() / took.toNanos();
    }

    /**
     * What takes the largest share: {@code compute-bound}, {@code input-bound}, {@code
     * exchange-bound} or {@code host-bound} (copies and bookkeeping).
     */
    public String bound() {
      Map<String, Double> shares = new TreeMap<>();
      phases
          .keySet()
          .forEach(
              phase ->
                  shares.merge(
                      BOUND_BY.getOrDefault(phase, "compute-bound"), share(phase), Double::sum));
      return shares.entrySet().stream()
          .max(Map.Entry.comparingByValue())
          .map(Map.Entry::getKey)
          .orElse("compute-bound");
    }

    /** One line: windows per second, what bounds them, and the share of each phase. */
    public String verdict() {
      return String.format(Locale.ROOT, "%,.0f windows/s, %s: ", windowsPerSecond(), bound())
          + phases.keySet().stream()
              .map(
                  phase ->
                      phase.replace('_', ' ')
                          + String.format(Locale.ROOT, " %.0f %%", 100 * share(phase)))
              .collect(Collectors.joining(", "));
    }

    /**
     * The numbers as metrics of a run: {@code windows_per_second}, {@code step_share_input}, ...
     */
    public Map<String, Double> metrics() {
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("windows_per_second", windowsPerSecond());
      phases.keySet().forEach(phase -> metrics.put("step_share_" + phase, share(phase)));
      return metrics;
    }
  }

  /** A checkpoint is complete on disk. */
  record CheckpointWritten(Instant at, Path path, int epoch, long step) implements JobEvent {}

  /** The trained model was scored. */
  record EvaluationFinished(Instant at, Evaluation evaluation) implements JobEvent {}

  /**
   * What a tier of the cache has done for the job so far; the lake itself counts as one.
   *
   * @param tier {@code hot}, {@code warm}, {@code scratch} or {@code lake}
   * @param hits files found in it; of the lake: fetched
   * @param misses files not found in it; of the lake: that could not be fetched
   * @param bytesRead bytes of the files found; of the lake: that came over the link
   * @param bytesWritten bytes of the files put into it
   * @param waited time that was waited for it, of all threads together
   * @param evictions files removed to make room
   * @param corrupt files found damaged and removed
   * @param failures operations that failed
   */
  record CacheReport(
      Instant at,
      String tier,
      long hits,
      long misses,
      long bytesRead,
      long bytesWritten,
      Duration waited,
      long evictions,
      long corrupt,
      long failures)
      implements JobEvent {
    /**
     * The numbers as metrics of a run: {@code cache_hot_hits}, {@code cache_hot_misses}, {@code
     * cache_hot_bytes_read}, {@code cache_hot_seconds_waited} and so on; {@code evictions}, {@code
     * corrupt} and {@code failures} if there were any.
     */
    public Map<String, Double> metrics() {
      String prefix = "cache_" + tier + "_";
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put(prefix + "hits", (double) hits);
      metrics.put(prefix + "misses", (double) misses);
      metrics.put(prefix + "bytes_read", (double) bytesRead);
      metrics.put(prefix + "bytes_written", (double) bytesWritten);
      metrics.put(prefix + "seconds_waited", waited.toNanos() / 1e9);
      putIfAny(metrics, prefix + "evictions", evictions);
      putIfAny(metrics, prefix + "corrupt", corrupt);
      putIfAny(metrics, prefix + "failures", failures);
      return metrics;
    }

    private static void putIfAny(Map<String, Double> metrics, String name, long number) {
      if (number > 0) {
        metrics.put(name, (double) number);
      }
    }
  }

  /**
   * How the tracker gets along: published when the tracking server is lost or back, when metric
   * values are thinned out for the first time, and at the end of the run.
   *
   * @param backlog items that are kept on this machine and not delivered yet
   * @param oldest when the oldest of them was reported
   * @param lastError why the last delivery failed, if it did
   * @param thinned metric values of this process that were left out because more came than the disk
   *     takes or the bound holds
   */
  record TrackingState(
      Instant at, long backlog, Optional<Instant> oldest, Optional<String> lastError, long thinned)
      implements JobEvent {}

  /** Something a user should know that is no error, in one or two sentences. */
  record Notice(Instant at, String text) implements JobEvent {}

  /** Something that went wrong without ending the job: what, why, and what was done about it. */
  record Warning(Instant at, String text) implements JobEvent {}

  /** The job asked its run to stop. */
  record CancelRequested(Instant at, String reason) implements JobEvent {}

  /**
   * The last event of a job.
   *
   * @param outcome {@code FINISHED}, {@code INTERRUPTED} or {@code FAILED}
   * @param error the failure's message, if it failed
   */
  record JobFinished(
      Instant at, String job, String runId, String outcome, Duration took, Optional<String> error)
      implements JobEvent {}
}
