package io.hdl.core;

import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.event.EventBus;
import io.hdl.core.event.EventSink;
import io.hdl.core.event.JobEvent;
import io.hdl.core.identity.Redaction;
import io.hdl.core.job.Cancellation;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.run.RunDirectory;
import io.hdl.core.run.RunHandle;
import io.hdl.core.run.RunRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The context of a job that runs: hands events to the listeners and their metrics to the tracker.
 */
final class RunningContext implements JobContext {
  private static final Logger LOG = LoggerFactory.getLogger(RunningContext.class);
  private static final Duration LISTENERS = Duration.ofSeconds(5);

  private final JobPlan<?, ?> plan;
  private final HybridEnvironment environment;
  private final RunHandle run;
  private final EventBus bus;
  private final TrackedListeners listeners;
  private final Cancellation cancellation;
  private final AtomicReference<@Nullable TrackedRun> tracked = new AtomicReference<>();
  private final AtomicBoolean trackerFailed = new AtomicBoolean();

  RunningContext(
      JobPlan<?, ?> plan,
      HybridEnvironment environment,
      RunHandle run,
      EventBus bus,
      TrackedListeners listeners,
      Cancellation cancellation) {
    this.plan = plan;
    this.environment = environment;
    this.run = run;
    this.bus = bus;
    this.listeners = listeners;
    this.cancellation = cancellation;
  }

  /** From now on metrics of events go to this run, and listeners may log to it. */
  void track(TrackedRun tracking) {
    tracked.set(tracking);
    listeners.track(tracking);
  }

  /** Waits a moment until listeners that log have heard all events, so that nothing comes late. */
  void awaitListeners() {
    if (listeners.any() && !bus.awaitHeard(LISTENERS)) {
      LOG.warn("Listeners did not hear all events within {}; what they log now is lost", LISTENERS);
    }
  }

  void publish(JobEvent event) {
    bus.publish(event);
    TrackedRun tracking = tracked.get();
    if (tracking != null) {
      quietly(() -> report(event, tracking));
    }
  }

  private static void report(JobEvent event, TrackedRun tracking) {
    if (event instanceof JobEvent.EpochFinished epoch) {
      tracking.metrics(epoch.metrics(), epoch.epoch());
      tracking.persist();
    } else if (event instanceof JobEvent.StepFinished step) {
      StepCurve.report(step, tracking);
    } else if (event instanceof JobEvent.StepAccount account) {
      tracking.metrics(account.metrics(), account.epoch());
    } else if (event instanceof JobEvent.CacheReport report) {
      tracking.metrics(report.metrics(), 0);
    }
  }

  /** Tracking never stands in the way of training; a failure is told once, not per epoch. */
  void quietly(Runnable tracking) {
    try {
      tracking.run();
    } catch (RuntimeException e) {
      if (trackerFailed.compareAndSet(false, true)) {
        LOG.warn("The tracker refused metrics; the job goes on", Redaction.failure(e));
      }
    }
  }

  @Override
  public RunDirectory directory() {
    return run.directory();
  }

  @Override
  public RunRecord record() {
    return run.record();
  }

  @Override
  public HybridEnvironment environment() {
    return environment;
  }

  @Override
  public long seed() {
    return plan.seed();
  }

  @Override
  public Clock clock() {
    return plan.clock();
  }

  @Override
  public EventSink events() {
    return this::publish;
  }

  @Override
  public Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public boolean resumed() {
    return run.resumed();
  }

  @Override
  public String pin(String name, Supplier<String> resolve) {
    return run.pin(name, resolve);
  }

  @Override
  public TrackedRun tracking() {
    TrackedRun tracking = tracked.get();
    if (tracking == null) {
      throw new IllegalStateException("The tracker is being opened; it has no run yet");
    }
    return tracking;
  }
}
