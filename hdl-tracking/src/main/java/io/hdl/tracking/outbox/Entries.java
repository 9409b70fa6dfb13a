package io.hdl.tracking.outbox;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What runs reported, in order: items, and the beginnings of runs. Arrays instead of objects, since
 * a training thread adds to it. Not thread-safe.
 */
final class Entries {
  private static final int FIRST_SIZE = 1024;

  private Object[] what = new Object[FIRST_SIZE];
  private int[] runs = new int[FIRST_SIZE];
  private int head;
  private int end;
  private int metrics;

  /** Adds an {@link Item} or a {@link RunStart}. */
  void add(int run, Object entry) {
    if (end == what.length) {
      makeRoom();
    }
    what[end] = entry;
    runs[end] = run;
    end++;
    if (entry instanceof Item.Metric) {
      metrics++;
    }
  }

  private void makeRoom() {
    int size = size();
    if (head >= what.length / 2) {
      System.arraycopy(what, head, what, 0, size);
      System.arraycopy(runs, head, runs, 0, size);
      Arrays.fill(what, size, end, null);
      head = 0;
      end = size;
    } else {
      what = Arrays.copyOf(what, 2 * what.length);
      runs = Arrays.copyOf(runs, 2 * runs.length);
    }
  }

  int size() {
    return end - head;
  }

  boolean isEmpty() {
    return end == head;
  }

  /** How many of them are values of metrics. */
  int metrics() {
    return metrics;
  }

  Object what(int i) {
    return what[head + i];
  }

  int run(int i) {
    return runs[head + i];
  }

  /** Removes the first ones. */
  void removeFirst(int count) {
    for (int i = head; i < head + count; i++) {
      if (what[i] instanceof Item.Metric) {
        metrics--;
      }
    }
    Arrays.fill(what, head, head + count, null);
    head += count;
    if (head == end) {
      head = 0;
      end = 0;
    }
  }

  void clear() {
    removeFirst(size());
  }

  /**
   * Drops every second value of each metric, never the newest one.
   *
   * @return how many were dropped
   */
  int thin() {
    Map<MetricKey, Boolean> newerKept = new HashMap<>();
    int to = end;
    for (int from = end - 1; from >= head; from--) {
      if (what[from] instanceof Item.Metric metric) {
        MetricKey key = new MetricKey(runs[from], metric.key());
        boolean keep = !newerKept.getOrDefault(key, false);
        newerKept.put(key, keep);
        if (!keep) {
          continue;
        }
      }
      to--;
      what[to] = what[from];
      runs[to] = runs[from];
    }
    int dropped = to - head;
    Arrays.fill(what, head, to, null);
    head = to;
    metrics -= dropped;
    return dropped;
  }
}
