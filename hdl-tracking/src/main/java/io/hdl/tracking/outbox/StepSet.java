package io.hdl.tracking.outbox;

import java.util.Arrays;
import java.util.TreeSet;

/**
 * A set of steps. Steps that come in ascending order at an even distance, as training reports them,
 * take three numbers altogether; others some tens of bytes each. Adding is not thread-safe; asking
 * is, once nothing is added any more.
 */
final class StepSet {
  private static final int FIELDS = 3;

  /** First, last and distance of each progression, ascending and apart from each other. */
  private long[] progressions = new long[FIELDS];

  private int length;
  private final TreeSet<Long> others = new TreeSet<>();

  void add(long step) {
    if (length == 0) {
      begin(step);
      return;
    }
    int at = length - FIELDS;
    long first = progressions[at];
    long last = progressions[at + 1];
    if (step <= last) {
      if (!contains(step)) {
        others.add(step);
      }
    } else if (step - first < 0) {
      begin(step); // further away than a distance can say
    } else if (first == last) {
      progressions[at + 1] = step;
      progressions[at + 2] = step - last;
    } else if (step - last == progressions[at + 2]) {
      progressions[at + 1] = step;
    } else {
      begin(step);
    }
  }

  /** Adds what another holds. */
  void addAll(StepSet other) {
    for (int at = 0; at < other.length; at += FIELDS) {
      addProgression(
          other.progressions[at], other.progressions[at + 1], other.progressions[at + 2]);
    }
    other.others.forEach(this::add);
  }

  private void addProgression(long first, long last, long distance) {
    if (length == 0 || progressions[length - FIELDS + 1] < first) {
      begin(first);
      progressions[length - FIELDS + 1] = last;
      progressions[length - FIELDS + 2] = distance;
      return;
    }
    for (long step = first; step < last; step += distance) {
      add(step);
    }
    add(last);
  }

  private void begin(long step) {
    if (length == progressions.length) {
      progressions = Arrays.copyOf(progressions, 2 * length);
    }
    progressions[length] = step;
    progressions[length + 1] = step;
    progressions[length + 2] = 1;
    length += FIELDS;
  }

  boolean contains(long step) {
    int low = 0;
    int high = length / FIELDS - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int at = middle * FIELDS;
      if (step < progressions[at]) {
        high = middle - 1;
      } else if (step > progressions[at + 1]) {
        low = middle + 1;
      } else {
        if ((step - progressions[at]) % progressions[at + 2] == 0) {
          return true;
        }
        break;
      }
    }
    return others.contains(step);
  }

  /** All of it as numbers: the count of progressions, these, and the others. */
  long[] toNumbers() {
    long[] numbers = new long[1 + length + others.size()];
    numbers[0] = length / FIELDS;
    System.arraycopy(progressions, 0, numbers, 1, length);
    int at = 1 + length;
    for (long other : others) {
      numbers[at++] = other;
    }
    return numbers;
  }

  /** What {@link #toNumbers} gave. */
  static StepSet ofNumbers(long[] numbers) {
    StepSet set = new StepSet();
    int end = 1 + (int) numbers[0] * FIELDS;
    for (int at = 1; at < end; at += FIELDS) {
      set.addProgression(numbers[at], numbers[at + 1], numbers[at + 2]);
    }
    for (int at = end; at < numbers.length; at++) {
      set.others.add(numbers[at]);
    }
    return set;
  }
}
