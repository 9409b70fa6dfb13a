package io.hdl.data.row;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.feed.BatchPlan;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that are loaded one after another by a thread of their own into two places: while batches
 * are taken out of one, the next is loaded into the other.
 */
final class StreamedBlocks implements BlockSource {
  private static final AtomicInteger LOADERS = new AtomicInteger();
  private static final int PLACES = 2;
  private static final int NONE = -1;

  private final RowTable table;
  private final RowBlocks blocks;
  private final RowPass pass;
  private final BatchPlan plan;
  private final RowBlock[] memory;
  private final Thread loader;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All below is read and written under the lock, but for stopped.
  private final int[] loaded = {NONE, NONE};
  private final boolean[] free = {true, true};
  private final long[] toRelease = new long[PLACES];
  private @Nullable Throwable failure;
  private volatile boolean stopped;

  /**
   * Begins to load.
   *
   * @param memory two blocks with room for the largest of the pass
   */
  StreamedBlocks(
      RowTable table, RowBlocks blocks, RowPass pass, BatchPlan plan, RowBlock[] memory) {
    this.table = table;
    this.blocks = blocks;
    this.pass = pass;
    this.plan = plan;
    this.memory = memory;
    this.loader = new Thread(this::load, "hdl-feed-blocks-" + LOADERS.incrementAndGet());
    loader.setDaemon(true);
    loader.start();
  }

  private void load() {
    try {
      if (plan.firstBatch() >= plan.batches()) {
        return;
      }
      int first = blocks.at(plan.firstBatch() * plan.batchSize());
      for (int block = first; block < blocks.count(); block++) {
        int place = block % PLACES;
        if (!awaitFree(place)) {
          return;
        }
        table.load(blocks.ranges(block), pass.part(), memory[place], this::requireRunning);
        publish(block);
      }
    } catch (RuntimeException | Error e) {
      lock.lock();
      try {
        failure = e;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean awaitFree(int place) {
    lock.lock();
    try {
      while (!free[place] && !stopped) {
        changed.awaitUninterruptibly();
      }
      free[place] = false;
      return !stopped;
    } finally {
      lock.unlock();
    }
  }

  private void publish(int block) {
    long from = Math.max(plan.firstBatch(), blocks.start(block) / plan.batchSize());
    long to = (blocks.end(block) - 1) / plan.batchSize();
    lock.lock();
    try {
      loaded[block % PLACES] = block;
      toRelease[block % PLACES] = to - from + 1;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void requireRunning() {
    if (stopped) {
      throw new HdlException(ErrorCode.CANCELLED, "The feed of rows was closed.");
    }
  }

  @Override
  public RowBlock acquire(int block) {
    lock.lock();
    try {
      while (loaded[block % PLACES] != block) {
        requireRunning();
        Throwable cause = failure;
        if (cause instanceof Error error) {
          throw error;
        }
        if (cause != null) {
          throw (RuntimeException) cause;
        }
        changed.awaitUninterruptibly();
      }
      return memory[block % PLACES];
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void release(int block) {
    lock.lock();
    try {
      int place = block % PLACES;
      if (--toRelease[place] == 0) {
        loaded[place] = NONE;
        free[place] = true;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void stop() {
    stopped = true;
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing is loaded any more. */
  void join() {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        loader.join();
        ended = true;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
