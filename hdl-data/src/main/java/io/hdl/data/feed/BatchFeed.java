package io.hdl.data.feed;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A ring of batches that threads of its own fill ahead of one consumer. Batches come in the order
 * of their numbers whatever the number of threads; batch n lies in place n modulo the ring's depth
 * and is not filled again before its lease is closed. Nothing is allocated per batch but the lease,
 * a few words.
 *
 * <p>A feed serves one pass after another; beginning one abandons what is left of the one before.
 * All methods belong to one thread, except that any thread may close a lease. Who opens a feed
 * closes it.
 *
 * @param <B> what a batch is
 */
public final class BatchFeed<B> implements AutoCloseable {
  /** Fills batches, by several threads at the same time, each with a batch of its own. */
  @FunctionalInterface
  public interface Filler<B> {
    /**
     * Fills one batch.
     *
     * @param number the batch's number in the pass
     * @param batch what to fill; holds what an earlier batch left there
     */
    void fill(long number, B batch);

    /** Makes a {@link #fill} that waits for something return or throw soon. */
    default void stop() {}
  }

  private enum State {
    FREE,
    FILLING,
    READY,
    LEASED
  }

  private static final class Slot<B> {
    final B batch;
    State state = State.FREE;

    Slot(B batch) {
      this.batch = batch;
    }
  }

  private static final AtomicInteger FEEDS = new AtomicInteger();
  private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final FeedSettings settings;
  private final List<Slot<B>> slots = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition freed = lock.newCondition();

  // All below is read and written under the lock.
  private @Nullable Filler<B> filler;
  private long pass;
  private long claimed;
  private long taken;
  private long end;
  private int filling;
  private @Nullable Throwable failure;
  private long failedAt;
  private boolean closed;
  private long waitedNanos;

  private BatchFeed(FeedSettings settings) {
    this.settings = settings;
  }

  /**
   * Opens a ring without a pass; its threads wait.
   *
   * @param name what the threads are called, after {@code hdl-feed-}
   * @param allocate makes a batch; called once for each place of the ring
   */
  public static <B> BatchFeed<B> open(String name, FeedSettings settings, Supplier<B> allocate) {
    BatchFeed<B> feed = new BatchFeed<>(settings);
    for (int i = 0; i < settings.depth(); i++) {
      feed.slots.add(new Slot<>(allocate.get()));
    }
    int number = FEEDS.incrementAndGet();
    for (int i = 0; i < settings.threads(); i++) {
      Thread thread = new Thread(feed::work, "hdl-feed-" + name + "-" + number + "-" + (i + 1));
      thread.setDaemon(true);
      feed.threads.add(thread);
    }
    feed.threads.forEach(Thread::start);
    return feed;
  }

  /**
   * Begins a pass over the batches from one number to below another.
   *
   * @throws IllegalStateException if a lease of the pass before is open, or the feed is closed
   */
  public void begin(long from, long to, Filler<B> with) {
    lock.lock();
    try {
      requireOpen();
      if (slots.stream().anyMatch(slot -> slot.state == State.LEASED)) {
        throw new IllegalStateException(
            "A batch is still leased. Close the leases of a pass before the next begins.");
      }
      abandon();
      filler = with;
      claimed = from;
      taken = from;
      end = to;
      failure = null;
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the pass and waits until nobody fills any more.
   *
   * @throws IllegalStateException if a lease is open
   */
  public void end() {
    begin(0, 0, (number, batch) -> {});
  }

  /** Ends the pass and waits until nobody fills any more. The lock is held. */
  private void abandon() {
    pass++;
    Filler<B> before = filler;
    filler = null;
    if (before != null) {
      before.stop();
    }
    while (filling > 0) {
      filled.awaitUninterruptibly();
    }
    slots.forEach(slot -> slot.state = State.FREE);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The feed is closed.");
    }
  }

  /** Whether the pass has another batch. */
  public boolean hasNext() {
    lock.lock();
    try {
      return !closed && taken < end;
    } finally {
      lock.unlock();
    }
  }

  /** Number of the batch that comes next, or one past the last. */
  public long position() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next batch, waited for if it is not filled yet.
   *
   * @throws NoSuchElementException if there is none
   * @throws IllegalStateException if its place is still leased, or the feed is closed
   * @throws HdlException with {@link ErrorCode#CANCELLED} if the thread is interrupted; what
   *     filling the batch threw comes out as it is, and again with each further call
   */
  public Lease<B> next() {
    lock.lock();
    try {
      requireOpen();
      if (taken >= end) {
        throw new NoSuchElementException("The pass has no batch " + taken + ".");
      }
      Slot<B> slot = slots.get((int) (taken % slots.size()));
      if (slot.state == State.LEASED) {
        throw new IllegalStateException(
            "Batch "
                + taken
                + " takes the place of batch "
                + (taken - slots.size())
                + ", whose lease is open. Close leases in time, or make the ring deeper than "
                + slots.size()
                + ".");
      }
      if (slot.state != State.READY) {
        await(slot);
      }
      slot.state = State.LEASED;
      return new SlotLease(slot, pass, taken++);
    } finally {
      lock.unlock();
    }
  }

  private void await(Slot<B> slot) {
    long begun = System.nanoTime();
    try {
      while (slot.state != State.READY) {
        Throwable cause = failure;
        if (cause != null && failedAt <= taken) {
          throw thrown(cause);
        }
        if (filled.awaitNanos(CHECK_NANOS) <= 0) {
          settings.check().run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HdlException(
          ErrorCode.CANCELLED, "Waiting for batch " + taken + " was interrupted.", e);
    } finally {
      waitedNanos += System.nanoTime() - begun;
    }
  }

  private static RuntimeException thrown(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return (RuntimeException) cause;
  }

  /** How long the consumer has waited for batches since the feed was opened, in nanoseconds. */
  public long waitedNanos() {
    lock.lock();
    try {
      return waitedNanos;
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    lock.lock();
    try {
      while (!closed) {
        Filler<B> work = filler;
        if (work == null || failure != null || claimed >= end || place().state != State.FREE) {
          freed.awaitUninterruptibly();
          continue;
        }
        Slot<B> slot = place();
        long number = claimed++;
        long ofPass = pass;
        slot.state = State.FILLING;
        filling++;
        Throwable thrown = null;
        lock.unlock();
        try {
          settings.check().run();
          work.fill(number, slot.batch);
        } catch (RuntimeException | Error e) {
          thrown = e;
        } finally {
          lock.lock();
          filling--;
        }
        finish(slot, number, ofPass, thrown);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Where the next batch to be filled lies. */
  private Slot<B> place() {
    return slots.get((int) (claimed % slots.size()));
  }

  private void finish(Slot<B> slot, long number, long ofPass, @Nullable Throwable thrown) {
    slot.state = thrown == null && ofPass == pass ? State.READY : State.FREE;
    // The first batch that failed counts: those before it are still delivered.
    if (thrown != null && ofPass == pass && (failure == null || number < failedAt)) {
      failure = thrown;
      failedAt = number;
    }
    filled.signalAll();
  }

  /** Ends the threads and waits for them; what is leased may be read on. Idempotent. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      Filler<B> before = filler;
      if (before != null) {
        before.stop();
      }
      freed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      boolean ended = false;
      while (!ended) {
        try {
          thread.join();
          ended = true;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private final class SlotLease implements Lease<B> {
    private final Slot<B> slot;
    private final long ofPass;
    private final long number;
    private boolean open = true;

    SlotLease(Slot<B> slot, long ofPass, long number) {
      this.slot = slot;
      this.ofPass = ofPass;
      this.number = number;
    }

    @Override
    public long number() {
      return number;
    }

    @Override
    public B batch() {
      lock.lock();
      try {
        if (!open) {
          throw new IllegalStateException("The lease of batch " + number + " is closed.");
        }
        return slot.batch;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (open) {
          open = false;
          slot.state = ofPass == pass ? State.FREE : slot.state;
          freed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
