package io.hdl.tracking.outbox;

import io.hdl.core.error.HdlException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * What could not be written by the end of the writer, because the disk was full to the very end: it
 * is in memory alone, and goes to the destination from there. Belongs to the sender's thread; the
 * count may be read by others.
 */
final class Unkept {
  private final Map<Integer, Deque<Item>> lanes = new TreeMap<>();
  private volatile long size;

  /** Takes over entries; a run that contains another has the smaller number, and goes first. */
  Unkept(Entries pending) {
    for (int i = 0; i < pending.size(); i++) {
      Deque<Item> lane = lanes.computeIfAbsent(pending.run(i), run -> new ArrayDeque<>());
      if (pending.what(i) instanceof Item item) {
        lane.add(item);
      }
    }
    pending.clear();
    count();
  }

  /** How many items are left. */
  long size() {
    return size;
  }

  boolean isEmpty() {
    return lanes.isEmpty();
  }

  /**
   * Hands over what comes first.
   *
   * @throws HdlException if the destination does not take it now
   */
  void offer(Destination destination, Runs runs, FinishTime finish) {
    int run = lanes.keySet().iterator().next();
    Deque<Item> items = lanes.getOrDefault(run, new ArrayDeque<>());
    RunStart start = runs.start(run);
    try {
      if (start != null) {
        destination.deliver(start, items, finish.forCall());
      }
    } finally {
      if (items.isEmpty()) {
        lanes.remove(run);
      }
      count();
    }
  }

  private void count() {
    size = lanes.values().stream().mapToLong(Deque::size).sum();
  }
}
