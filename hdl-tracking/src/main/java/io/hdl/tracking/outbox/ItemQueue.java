package io.hdl.tracking.outbox;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded queue from many threads to one. Putting an item in takes a short lock and wakes nobody
 * up: the reader looks every 50 ms, or at once when it is asked to.
 *
 * <p>When the queue is full, its metrics are thinned: of every key every second queued value is
 * dropped and counted, the newest one never. Everything else is kept beyond the bound. Thread-safe.
 */
final class ItemQueue {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition hurry = lock.newCondition();
  private Deque<Item> items = new ArrayDeque<>();
  private final Condition stored = lock.newCondition();
  private long accepted;
  private long taken;
  private long persisted;
  private int metrics;
  private int bound;
  private long thinned;
  private boolean hurried;
  private boolean closed;

  /**
   * An empty queue.
   *
   * @param capacity number of metrics that may wait
   */
  ItemQueue(int capacity) {
    if (capacity < 2) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: >= 2)");
    }
    this.capacity = capacity;
    this.bound = capacity;
  }

  /** Puts an item in; false once the queue is closed. Never waits for the reader. */
  boolean put(Item item) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      if (item instanceof Item.Metric) {
        if (metrics >= bound) {
          thin();
        }
        metrics++;
      }
      items.add(item);
      accepted++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Makes the reader look now. */
  void hurry() {
    lock.lock();
    try {
      hurried = true;
      hurry.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more items; what is inside can still be read. */
  void close() {
    lock.lock();
    try {
      closed = true;
      hurried = true;
      hurry.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Everything that is inside, in order; empties the queue.
   *
   * @param patient whether to wait up to 50 ms so that items gather
   */
  List<Item> take(boolean patient) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = PERIOD_NANOS;
      while (patient && !hurried && left > 0) {
        left = hurry.awaitNanos(left);
      }
      hurried = closed;
      taken = accepted;
      Deque<Item> all = items;
      if (all.isEmpty()) {
        return List.of();
      }
      items = new ArrayDeque<>();
      metrics = 0;
      bound = capacity;
      return new ArrayList<>(all);
    } finally {
      lock.unlock();
    }
  }

  /** What was taken last is on the disk, as far as it can be. */
  void persisted() {
    lock.lock();
    try {
      persisted = taken;
      stored.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes the reader look now and waits until it has said that everything is on the disk.
   *
   * @return false if that took longer than the limit
   */
  boolean awaitPersisted(Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long wanted = accepted;
      long left = limit.toNanos();
      while (persisted < wanted && left > 0) {
        hurried = true;
        hurry.signalAll();
        left = stored.awaitNanos(left);
      }
      return persisted >= wanted;
    } finally {
      lock.unlock();
    }
  }

  /** How many metric values were dropped so far. */
  long thinned() {
    lock.lock();
    try {
      return thinned;
    } finally {
      lock.unlock();
    }
  }

  private void thin() {
    Map<String, Boolean> newerKept = new HashMap<>();
    Deque<Item> kept = new ArrayDeque<>(items.size());
    for (Iterator<Item> fromNewest = items.descendingIterator(); fromNewest.hasNext(); ) {
      Item item = fromNewest.next();
      if (item instanceof Item.Metric metric) {
        boolean keep = !newerKept.getOrDefault(metric.key(), false);
        newerKept.put(metric.key(), keep);
        if (!keep) {
          continue;
        }
      }
      kept.addFirst(item);
    }
    int dropped = items.size() - kept.size();
    items = kept;
    metrics -= dropped;
    thinned += dropped;
    // Thinning again at once would cost the caller the whole queue for every value.
    bound = Math.max(capacity, 2 * metrics);
  }
}
