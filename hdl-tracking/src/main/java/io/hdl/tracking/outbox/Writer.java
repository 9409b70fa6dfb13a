package io.hdl.tracking.outbox;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes entries on any thread, and brings them to a store on its own. What the store does not take
 * waits in memory; then metrics are thinned and everything else is kept.
 */
final class Writer {
  private static final long STATE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final ItemQueue queue;
  private final Store store;
  private final Runs runs;
  private final int maxPending;
  private final ItemRules rules;
  private final OutboxObserver observer;
  private final Supplier<OutboxState> state;
  private final Entries pending = new Entries();
  private final Pauses pauses = new Pauses(Duration.ofSeconds(2));
  private final AtomicLong thinned = new AtomicLong();
  private int bound;
  private boolean failing;
  private long stateAt = System.nanoTime();
  private @Nullable OutboxState told;
  private volatile long waiting;
  private volatile @Nullable Unkept unkept;

  Writer(
      Store store,
      Runs runs,
      OutboxSettings settings,
      OutboxObserver observer,
      Supplier<OutboxState> state) {
    this.queue = new ItemQueue(settings.maxQueued());
    this.store = store;
    this.runs = runs;
    this.maxPending = settings.maxQueued();
    this.bound = maxPending;
    this.observer = observer;
    this.rules = new ItemRules(observer::warning);
    this.state = state;
  }

  /** Takes an {@link Item} or a {@link RunStart}; false once it is closed. Any thread. */
  boolean put(int run, Object entry) {
    return queue.put(run, entry);
  }

  /** Takes several at once. */
  boolean putAll(int run, List<?> entries) {
    return queue.putAll(run, entries);
  }

  /** Takes nothing more; what was taken is still brought to the store. Any thread. */
  void close() {
    queue.close();
  }

  /** Waits until what was taken so far went to the store, as far as it can. Any thread. */
  boolean await(long nanos) throws InterruptedException {
    return queue.awaitPersisted(nanos);
  }

  /** Brings what the store has to the disk; false if that fails or takes longer. Any thread. */
  boolean force(Duration limit) {
    return store.force(limit);
  }

  /** Why entries could not be kept last; null if they could. Any thread. */
  @Nullable HdlException failure() {
    return store.failure();
  }

  /** How many entries the store does not have yet. Any thread. */
  long waiting() {
    Unkept rest = unkept;
    return (rest == null ? waiting : rest.size()) + queue.unwritten();
  }

  /** What the store did not take to the very end. After the end of {@link #run}. */
  Unkept unkept() {
    Unkept rest = unkept;
    return rest == null ? new Unkept(new Entries()) : rest;
  }

  /** How many metric values were dropped. Any thread. */
  long thinned() {
    return queue.thinned() + thinned.get() + store.thinned();
  }

  /** Works until it is closed and everything is kept that can be. */
  void run() {
    boolean more = true;
    while (more) {
      try {
        more = turn();
      } catch (RuntimeException e) {
        defect(e);
        more = !queue.isClosed();
      }
    }
    unkept = new Unkept(pending);
    try {
      store.close();
    } catch (RuntimeException e) {
      defect(e);
    }
  }

  /** Training goes on, and so does this. */
  private void defect(RuntimeException e) {
    pauses.failed(e);
    queue.persisted();
    if (!failing) {
      failing = true;
      observer.diskFailed(
          e instanceof HdlException known
              ? known
              : new HdlException(ErrorCode.INTERNAL, "Tracking failed by a defect: " + e, e));
    }
  }

  private boolean turn() {
    boolean closing = queue.isClosed();
    boolean some = take(!closing);
    if (closing && !some) {
      store.addHeldBack(pending);
      pauses.end();
    }
    if (pauses.left() == 0) {
      keep();
    }
    if (failing && pending.metrics() > bound) {
      thinned.addAndGet(pending.thin());
      bound = Math.max(maxPending, 2 * pending.metrics());
    }
    waiting = pending.size();
    queue.persisted();
    tellState();
    return !closing || some;
  }

  private boolean take(boolean patient) {
    Entries fresh;
    try {
      fresh = queue.take(patient);
    } catch (InterruptedException e) {
      queue.close();
      return true;
    }
    for (int i = 0; i < fresh.size(); i++) {
      int run = fresh.run(i);
      if (fresh.what(i) instanceof Item item) {
        Item fit = rules.fit(item);
        if (fit != null) {
          store.add(run, fit, pending);
        }
        if (item instanceof Item.End end) {
          runs.ended(run, end.status());
        }
      } else {
        pending.add(run, fresh.what(i));
      }
    }
    return !fresh.isEmpty();
  }

  private void keep() {
    store.keep(pending);
    HdlException failure = store.failure();
    if (failure == null) {
      failing = false;
      bound = maxPending;
      pauses.reset();
      return;
    }
    pauses.failed(failure);
    if (!failing) {
      failing = true;
      observer.diskFailed(failure);
    }
  }

  private void tellState() {
    long now = System.nanoTime();
    if (now - stateAt >= STATE_NANOS) {
      stateAt = now;
      OutboxState present = state.get();
      if (!present.equals(told)) {
        told = present;
        observer.state(present);
      }
    }
  }
}
