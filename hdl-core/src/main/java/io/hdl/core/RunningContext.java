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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The context of a job that runs: hands events to the listeners and epoch metrics to the tracker.
 */
final class RunningContext implements JobContext {
  private static final Logger LOG = LoggerFactory.getLogger(RunningContext.class);

  private final JobPlan<?, ?> plan;
  private final HybridEnvironment environment;
  private final RunHandle run;
  private final EventBus bus;
  private final Cancellation cancellation;
  private final AtomicReference<@Nullable TrackedRun> tracked = new AtomicReference<>();
  private final AtomicBoolean trackerFailed = new AtomicBoolean();

  RunningContext(
      JobPlan<?, ?> plan,
      HybridEnvironment environment,
      RunHandle run,
      EventBus bus,
      Cancellation cancellation) {
    this.plan = plan;
    this.environment = environment;
    this.run = run;
    this.bus = bus;
    this.cancellation = cancellation;
  }

  /** From now on epoch metrics go to this run. */
  void track(TrackedRun tracking) {
    tracked.set(tracking);
  }

  void publish(JobEvent event) {
    bus.publish(event);
    TrackedRun tracking = tracked.get();
    if (tracking != null) {
      try {
        if (event instanceof JobEvent.EpochFinished epoch) {
          epoch.metrics().forEach((key, value) -> tracking.metric(key, value, epoch.epoch()));
          tracking.persist();
        } else if (event instanceof JobEvent.StepAccount account) {
          account.metrics().forEach((key, value) -> tracking.metric(key, value, account.epoch()));
        } else if (event instanceof JobEvent.CacheReport report) {
          report.metrics().forEach((key, value) -> tracking.metric(key, value, 0));
        }
      } catch (RuntimeException e) {
        // Tracking never stands in the way of training; told once, not per epoch.
        if (trackerFailed.compareAndSet(false, true)) {
          LOG.warn("The tracker refused metrics; the job goes on", Redaction.failure(e));
        }
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
