package io.hdl.core;

import io.hdl.core.event.JobEvent;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.run.RunEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Runs the stages of a job: tells of each, takes its time, and keeps it as a nested run. */
final class Stages {
  private final RunningContext context;
  private final Function<Throwable, RunEnd> endBy;
  private final Map<String, Duration> times = new LinkedHashMap<>();

  /**
   * The stages of a job.
   *
   * @param endBy how a stage ends that throws
   */
  Stages(RunningContext context, Function<Throwable, RunEnd> endBy) {
    this.context = context;
    this.endBy = endBy;
  }

  /** How long each stage took that is done, in order. */
  Map<String, Duration> times() {
    return times;
  }

  /** Runs a stage. */
  <T> T run(String name, Supplier<T> body) {
    context.cancellation().throwIfRequested();
    Instant from = now();
    context.publish(new JobEvent.StageStarted(from, name));
    T result = body.get();
    Duration took = Duration.between(from, now());
    times.put(name, took);
    context.publish(new JobEvent.StageFinished(now(), name, took));
    return result;
  }

  /** Runs a stage that has a run of its own below the job's, with its duration and its end. */
  <T> T tracked(String name, TrackedRun job, Supplier<T> body) {
    context.cancellation().throwIfRequested();
    try (TrackedRun run = job.nested(name)) {
      Instant from = now();
      try {
        T result = run(name, body);
        context.quietly(() -> finish(run, from, new RunEnd.Finished()));
        return result;
      } catch (RuntimeException | Error e) {
        context.quietly(() -> finish(run, from, endBy.apply(e)));
        throw e;
      }
    }
  }

  /** The number of the attempt is the step, so that each attempt has its duration. */
  private void finish(TrackedRun run, Instant from, RunEnd end) {
    double seconds = Duration.between(from, now()).toNanos() / 1e9;
    run.metric("duration_seconds", seconds, context.record().attempts());
    run.finish(end);
  }

  private Instant now() {
    return context.clock().instant();
  }
}
