package io.hdl.core.testing;

import io.hdl.core.retry.RetryTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A time that stands still until a test or a sleeper moves it on; sleeping takes no time. */
public final class ManualTime implements RetryTime {
  private final Instant origin;
  private final AtomicLong nanos = new AtomicLong();
  private final List<Duration> sleeps = new CopyOnWriteArrayList<>();

  private ManualTime(Instant origin) {
    this.origin = origin;
  }

  /** A time that begins at an instant. */
  public static ManualTime startingAt(Instant origin) {
    return new ManualTime(origin);
  }

  /** Moves the time on. */
  public void advance(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  /** How long was slept, call by call. */
  public List<Duration> sleeps() {
    return List.copyOf(sleeps);
  }

  /** The same time as a clock, in UTC. */
  public Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return now();
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public Instant now() {
    return origin.plusNanos(nanos.get());
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted");
    }
    sleeps.add(duration);
    advance(duration);
  }
}
