package io.hdl.tracking.outbox;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded queue from many threads to one. Putting an item in takes a short lock and, as a rule,
 * wakes nobody up: the reader looks every 25 ms, at once when the queue fills, and at once when it
 * is asked to.
 *
 * <p>When the queue is full, its metrics are thinned: of every key every second queued value is
 * dropped and counted, the newest one never. Everything else is kept beyond the bound. Thread-safe.
 */
final class ItemQueue {
  private static final Duration PERIOD = Duration.ofMillis(25);

  private final int capacity;
  private final long periodNanos;
  private final int alarm;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition hurry = lock.newCondition();
  private final Condition stored = lock.newCondition();
  private Entries entries = new Entries();
  private Entries spare = new Entries();
  private long accepted;
  private long taken;
  private long persisted;
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
    this(capacity, PERIOD);
  }

  /** The same, whose reader looks so often by itself. */
  ItemQueue(int capacity, Duration period) {
    if (capacity < 2) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: >= 2)");
    }
    this.capacity = capacity;
    this.periodNanos = period.toNanos();
    this.alarm = Math.max(2, capacity / 32);
    this.bound = capacity;
  }

  /** Puts an entry in; false once the queue is closed. Never waits for the reader. */
  boolean put(int run, Object entry) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      if (entry instanceof Item.Metric && entries.metrics() >= bound) {
        thinned += entries.thin();
        // Thinning again at once would cost the caller the whole queue for every value.
        bound = Math.max(capacity, 2 * entries.metrics());
      }
      entries.add(run, entry);
      accepted++;
      if (entries.size() == alarm && !hurried) {
        hurried = true;
        hurry.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more entries; what is inside can still be read. */
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
   * Everything that is inside, in order; empties the queue. What it returned before is emptied and
   * used again.
   *
   * @param patient whether to wait up to 25 ms so that items gather
   */
  Entries take(boolean patient) throws InterruptedException {
    spare.clear();
    lock.lockInterruptibly();
    try {
      long left = periodNanos;
      while (patient && !hurried && left > 0) {
        left = hurry.awaitNanos(left);
      }
      hurried = closed;
      taken = accepted;
      Entries all = entries;
      entries = spare;
      spare = all;
      bound = capacity;
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** What was taken so far was written, or cannot be. */
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
   * Makes the reader look now and waits until it has been through everything that is inside.
   *
   * @return false if that took longer than the limit
   */
  boolean awaitPersisted(long limitNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long wanted = accepted;
      long left = limitNanos;
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

  /** How many entries were put in and are still inside or on their way. */
  long unwritten() {
    lock.lock();
    try {
      return accepted - persisted;
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
}
