package io.hdl.tracking.outbox;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Lets through every second, fourth, eighth ... value of each metric, the scarcer the fuller a
 * folder is. The newest value of a metric is held back instead of dropped, until a newer one comes.
 * Belongs to the writer's thread; the count may be read by others.
 */
final class MetricSieve {
  private static final int STEPS = 16;
  private static final int SCARCEST = 20;

  private final Map<MetricKey, Held> held = new HashMap<>();
  private final AtomicLong dropped = new AtomicLong();

  private static final class Held {
    private long count;
    private Item.Metric newest;
    private boolean passed;

    private Held(Item.Metric newest) {
      this.newest = newest;
    }
  }

  /**
   * Whether a value passes.
   *
   * @param bytes what the folder holds
   * @param bound from where on values are thinned
   */
  boolean passes(int run, Item.Metric metric, long bytes, long bound) {
    if (bytes < bound) {
      Held before = held.isEmpty() ? null : held.remove(new MetricKey(run, metric.key()));
      if (before != null && !before.passed) {
        dropped.incrementAndGet();
      }
      return true;
    }
    long beyond = (bytes - bound) / Math.max(1, bound / STEPS);
    long one = 1L << Math.min(SCARCEST, 1 + beyond);
    Held of = held.computeIfAbsent(new MetricKey(run, metric.key()), key -> new Held(metric));
    if (!of.passed && of.count > 0) {
      dropped.incrementAndGet();
    }
    of.newest = metric;
    of.passed = of.count % one == 0;
    of.count++;
    return of.passed;
  }

  /** Gives out what is held back of a run. */
  void release(int run, Entries into) {
    release(key -> key.run() == run, into);
  }

  /** Gives out what is held back. */
  void release(Entries into) {
    release(key -> true, into);
  }

  private void release(Predicate<MetricKey> which, Entries into) {
    held.entrySet()
        .removeIf(
            entry -> {
              boolean released = which.test(entry.getKey());
              if (released && !entry.getValue().passed) {
                into.add(entry.getKey().run(), entry.getValue().newest);
              }
              return released;
            });
  }

  /** How many values were dropped. */
  long dropped() {
    return dropped.get();
  }
}
