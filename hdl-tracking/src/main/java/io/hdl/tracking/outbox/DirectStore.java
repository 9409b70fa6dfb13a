package io.hdl.tracking.outbox;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Hands entries to a destination on this machine whose files are as good as a log. */
final class DirectStore implements Store {
  private static final int MOST_AT_ONCE = 4096;

  private final Destination destination;
  private final Runs runs;
  private final FinishTime finish;
  private volatile @Nullable HdlException failure;

  DirectStore(Destination destination, Runs runs, FinishTime finish) {
    this.destination = destination;
    this.runs = runs;
    this.finish = finish;
  }

  @Override
  public void add(int run, Item item, Entries pending) {
    pending.add(run, item);
  }

  @Override
  public void addHeldBack(Entries pending) {}

  @Override
  public void keep(Entries pending) {
    while (!pending.isEmpty()) {
      int run = pending.run(0);
      Deque<Item> items = new ArrayDeque<>();
      int count = 0;
      while (count < pending.size() && pending.run(count) == run && count < MOST_AT_ONCE) {
        if (pending.what(count) instanceof Item item) {
          items.add(item);
        }
        count++;
      }
      int before = items.size();
      if (!deliver(run, items)) {
        pending.removeFirst(items.size() < before ? count - items.size() : 0);
        return;
      }
      pending.removeFirst(count);
    }
    failure = null;
  }

  /** Hands over all items of a run; false if some of them are left. */
  private boolean deliver(int run, Deque<Item> items) {
    RunStart start = runs.start(run);
    if (start == null) {
      return true;
    }
    try {
      do {
        destination.deliver(start, items, finish.forCall());
      } while (!items.isEmpty());
      return true;
    } catch (HdlException e) {
      failure = e;
    } catch (RuntimeException e) {
      failure = new HdlException(ErrorCode.INTERNAL, "Writing failed by a defect: " + e, e);
    }
    return false;
  }

  @Override
  public @Nullable HdlException failure() {
    return failure;
  }

  @Override
  public boolean force(Duration limit) {
    return failure == null;
  }

  @Override
  public long thinned() {
    return 0;
  }

  @Override
  public void close() {
    destination.close();
  }
}
