package io.hdl.data.cache;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a cache: those that fetch ahead, and one that shows other machines that it lives.
 * They are started when they are needed. Thread-safe.
 */
final class Background implements AutoCloseable {
  /** How many files are fetched ahead at a time; each is fetched in several ranges. */
  static final int FETCHES = 3;

  private static final Duration BEAT = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long MOST_AHEAD = CacheTiers.gib(8);
  private static final long SCRATCH_AHEAD = CacheTiers.gib(1);

  private final List<TierPlace> places;
  private final ThreadPoolExecutor fetches;
  private final @Nullable ScheduledExecutorService beats;
  private @Nullable ScheduledFuture<?> beat;

  Background(List<TierPlace> places, Clock clock) {
    this.places = places;
    fetches =
        new ThreadPoolExecutor(
            FETCHES,
            FETCHES,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named("hdl-cache-ahead-"));
    fetches.allowCoreThreadTimeOut(true);
    beats = places.stream().anyMatch(place -> place.tier() == Tier.WARM) ? beating(clock) : null;
  }

  private static ThreadFactory named(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread made = new Thread(task, name + number.incrementAndGet());
      made.setDaemon(true);
      return made;
    };
  }

  private ScheduledExecutorService beating(Clock clock) {
    ScheduledThreadPoolExecutor made = new ScheduledThreadPoolExecutor(1, named("hdl-cache-beat-"));
    made.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    beat =
        made.scheduleWithFixedDelay(
            () -> beat(clock), BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    return made;
  }

  private void beat(Clock clock) {
    for (TierPlace place : places) {
      TierFolder folder = place.folder();
      if (folder != null && place.tier() == Tier.WARM) {
        try {
          folder.holder().beat(clock);
        } catch (IOException e) {
          place.failed(folder, e);
        }
      }
    }
  }

  /** What runs fetches ahead. */
  Executor threads() {
    return fetches;
  }

  /** How many bytes may be fetched that nobody has asked for: half of the first tier at most. */
  long aheadBytes() {
    for (TierPlace place : places) {
      if (place.folder() != null) {
        return Math.min(MOST_AHEAD, place.maxBytes() / 2);
      }
    }
    return SCRATCH_AHEAD;
  }

  @Override
  public void close() {
    fetches.shutdown();
    if (beat != null) {
      beat.cancel(false);
    }
    if (beats != null) {
      beats.shutdown();
    }
    try {
      // What is being fetched ends at its next checkpoint.
      if (!fetches.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        fetches.shutdownNow();
      }
    } catch (InterruptedException e) {
      fetches.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
