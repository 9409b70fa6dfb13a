package io.hdl.core.progress;

import io.hdl.core.event.JobEvent;
import io.hdl.core.run.RunState;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Words one event in one line; the empty text means that there is nothing to say. */
final class ProgressText {
  private ProgressText() {}

  static String of(JobEvent event) {
    if (event instanceof JobEvent.JobStarted e) {
      return e.job()
          + ": run "
          + e.runId()
          + e.resumed().map(from -> " continues from " + from).orElse("")
          + " in "
          + e.directory();
    }
    if (event instanceof JobEvent.StageStarted e) {
      return e.stage() + ": started";
    }
    if (event instanceof JobEvent.StageFinished e) {
      return e.stage() + ": done in " + took(e.took());
    }
    if (event instanceof JobEvent.DataOpened e) {
      return "data: "
          + e.data().uri()
          + " version "
          + e.data().version()
          + e.facts().entrySet().stream()
              .map(fact -> ", " + fact.getKey() + " " + fact.getValue())
              .collect(Collectors.joining());
    }
    if (event instanceof JobEvent.EpochFinished e) {
      return "epoch "
          + e.epoch()
          + "/"
          + e.epochs()
          + ": "
          + metrics(e.metrics())
          + (e.metrics().isEmpty() ? "" : "  ")
          + "("
          + took(e.took())
          + ")";
    }
    if (event instanceof JobEvent.StepAccount e) {
      return "steps of epoch " + e.epoch() + ": " + e.verdict();
    }
    if (event instanceof JobEvent.CheckpointWritten e) {
      return "checkpoint: step " + count(e.step()) + " in " + e.path();
    }
    if (event instanceof JobEvent.EvaluationFinished e) {
      return "evaluation of "
          + e.evaluation().part()
          + ": "
          + metrics(e.evaluation().model().values())
          + "  ("
          + count(e.evaluation().series())
          + " series, "
          + count(e.evaluation().windows())
          + " windows)";
    }
    if (event instanceof JobEvent.Notice e) {
      return "note: " + e.text();
    }
    if (event instanceof JobEvent.Warning e) {
      return "WARNING: " + e.text();
    }
    if (event instanceof JobEvent.CancelRequested e) {
      return "stopping: " + e.reason();
    }
    if (event instanceof JobEvent.JobFinished e) {
      return e.job()
          + ": "
          + e.outcome().toLowerCase(Locale.ROOT)
          + " after "
          + took(e.took())
          + ", run "
          + e.runId()
          + e.error().map(error -> ": " + error).orElse("")
          + (e.outcome().equals(RunState.INTERRUPTED.name())
              ? ". Run again, the same job goes on where it stopped."
              : "");
    }
    return "";
  }

  /** Seconds with one decimal below a minute, else hours, minutes and seconds. */
  static String took(Duration duration) {
    return duration.compareTo(Duration.ofMinutes(1)) < 0
        ? String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9)
        : clock(duration);
  }

  /** As on a clock: {@code 0:07}, {@code 12:30}, {@code 1:02:03}. */
  static String clock(Duration duration) {
    long hours = duration.toHours();
    return hours > 0
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", hours, duration.toMinutesPart(), duration.toSecondsPart())
        : String.format(Locale.ROOT, "%d:%02d", duration.toMinutesPart(), duration.toSecondsPart());
  }

  /** Four significant digits, without an exponent where that is short. */
  static String number(double value) {
    double size = Math.abs(value);
    if (size == 0 || (size >= 0.001 && size < 1000)) {
      return String.format(Locale.ROOT, "%.4g", value);
    }
    return String.format(Locale.ROOT, size >= 1000 && size < 1e7 ? "%.0f" : "%.3e", value);
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String metrics(Map<String, Double> metrics) {
    return metrics.entrySet().stream()
        .map(metric -> metric.getKey() + " " + number(metric.getValue()))
        .collect(Collectors.joining("  "));
  }
}
