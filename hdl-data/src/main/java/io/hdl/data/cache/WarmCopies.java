package io.hdl.data.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Copies what came from the lake into the hot tier to the warm one, in the background. A file stays
 * in the hot tier until it is copied, as long as not too much waits; what does not fit is left out.
 * Thread-safe.
 */
final class WarmCopies implements AutoCloseable {
  private static final int THREADS = 2;
  private static final long MOST_WAITING = CacheTiers.gib(32);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Supply supply;
  private final TierPlace warm;
  private final AtomicLong waiting = new AtomicLong();
  private final ThreadPoolExecutor threads;
  private volatile boolean stopped;

  WarmCopies(Supply supply, TierPlace warm) {
    this.supply = supply;
    this.warm = warm;
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread made = new Thread(task, "hdl-cache-warm-" + number.incrementAndGet());
              made.setDaemon(true);
              return made;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Puts a file in line.
   *
   * @param hot where it is
   * @param between its lock in the warm tier, which is taken over
   */
  void add(TierFolder hot, CacheKey key, KeyLock between) {
    long most = Math.min(MOST_WAITING, hot.room().maxBytes() / 4);
    if (waiting.addAndGet(key.size()) > most) {
      waiting.addAndGet(-key.size());
      return;
    }
    Optional<TierFolder.Pin> source;
    try {
      source = hot.pinUnchecked(key);
    } catch (IOException e) {
      source = Optional.empty();
    }
    if (source.isEmpty()) {
      waiting.addAndGet(-key.size());
      return;
    }
    TierFolder.Pin pin = source.get();
    KeyLock lock = between.handOver();
    Runnable task =
        () -> {
          try (lock) {
            if (!stopped) {
              supply.copyInto(warm, key, lock, false, this::check);
            }
          } catch (Stopped e) {
            // It is not copied; nothing else depends on it.
          } catch (RuntimeException e) {
            warm.counters().failures.increment();
          } finally {
            release(hot, pin);
            waiting.addAndGet(-key.size());
          }
        };
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
  }

  private void check() {
    if (stopped) {
      throw new Stopped();
    }
  }

  private void release(TierFolder hot, TierFolder.Pin pin) {
    try {
      hot.release(pin);
    } catch (IOException e) {
      warm.counters().failures.increment();
    }
  }

  /** Waits for what is in line, but not for ever. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        stopped = true;
        threads.awaitTermination(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      stopped = true;
      Thread.currentThread().interrupt();
    }
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("stopped", null, false, false);
    }
  }
}
