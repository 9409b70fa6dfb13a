package io.hdl.train;

import io.hdl.core.event.JobEvent;
import io.hdl.core.job.JobContext;
import io.hdl.train.parallel.StepTimes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Tells after each epoch where the time of its steps went, and keeps the sum. */
final class StepAccounts {
  private final JobContext context;
  private final Map<String, Duration> phases = new LinkedHashMap<>();
  private Duration took = Duration.ZERO;
  private long steps;
  private long windows;

  StepAccounts(JobContext context) {
    this.context = context;
  }

  /** The steps of an epoch are done. */
  void epoch(int epoch, long epochSteps, long epochWindows, StepTimes times) {
    Map<String, Duration> ofEpoch = new LinkedHashMap<>();
    for (StepTimes.Phase phase : StepTimes.Phase.values()) {
      String name = phase.name().toLowerCase(Locale.ROOT);
      Duration spent = Duration.ofNanos(times.nanos(phase));
      ofEpoch.put(name, spent);
      phases.merge(name, spent, Duration::plus);
    }
    Duration epochTook = Duration.ofNanos(times.totalNanos());
    took = took.plus(epochTook);
    steps += epochSteps;
    windows += epochWindows;
    context
        .events()
        .publish(
            new JobEvent.StepAccount(
                context.clock().instant(), epoch, epochSteps, epochWindows, epochTook, ofEpoch));
  }

  /** The account of all epochs of this process, for people; empty if no step was taken. */
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    if (steps == 0) {
      return facts;
    }
    JobEvent.StepAccount all =
        new JobEvent.StepAccount(context.clock().instant(), 1, steps, windows, took, phases);
    facts.put(
        "training steps",
        String.format(
            Locale.ROOT,
            "%,d in %.1f s, %,.0f windows/s, %s",
            steps,
            took.toNanos() / 1e9,
            all.windowsPerSecond(),
            all.bound()));
    phases.forEach(
        (phase, spent) ->
            facts.put(
                "step time: " + phase.replace('_', ' '),
                String.format(
                    Locale.ROOT,
                    "%.1f %% (%.2f s)",
                    100 * all.share(phase),
                    spent.toNanos() / 1e9)));
    return facts;
  }
}
