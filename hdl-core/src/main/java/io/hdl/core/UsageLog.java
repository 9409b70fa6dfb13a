package io.hdl.core;

import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.environment.UsageMeter;
import io.hdl.core.identity.Redaction;
import io.hdl.core.job.TrackedRun;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a tracker how busy the machine is: after each interval and once at the end, as metrics
 * below {@code system/}. The step is the number of seconds since the run began, so a run that is
 * continued goes on where time is, not where it stopped; of two readings within a second the first
 * is told.
 */
final class UsageLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UsageLog.class);
  private static final long JOIN_MILLIS = 5_000;

  private final TrackedRun run;
  private final Clock clock;
  private final Instant begun;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread;

  private UsageLog(
      String job,
      Duration interval,
      HybridEnvironment machine,
      TrackedRun run,
      Clock clock,
      Instant begun) {
    this.run = run;
    this.clock = clock;
    this.begun = begun;
    thread = new Thread(() -> log(interval, machine), "hdl-usage-" + job);
    thread.setDaemon(true);
  }

  /**
   * Starts a thread of its own; closing ends it.
   *
   * @param interval how often; empty: not at all
   * @param begun when the run began
   */
  static UsageLog start(
      String job,
      Optional<Duration> interval,
      HybridEnvironment machine,
      TrackedRun run,
      Clock clock,
      Instant begun) {
    UsageLog log = new UsageLog(job, interval.orElse(Duration.ZERO), machine, run, clock, begun);
    if (interval.isPresent()) {
      log.thread.start();
    }
    return log;
  }

  private void log(Duration interval, HybridEnvironment machine) {
    try (UsageMeter meter = UsageMeter.open(machine)) {
      boolean last = false;
      long told = -1;
      while (!last) {
        last = over.await(interval.toNanos(), TimeUnit.NANOSECONDS);
        long second = Math.max(0, Duration.between(begun, clock.instant()).toSeconds());
        if (second <= told) {
          continue; // a step has one value
        }
        told = second;
        meter
            .read()
            .metrics()
            .forEach((name, value) -> run.metric("system/" + name, value, second));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("How busy the machine is, is not tracked any more", Redaction.failure(e));
    }
  }

  /** Reads a last time and ends the thread. Idempotent. */
  @Override
  public void close() {
    over.countDown();
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
