package io.hdl.data.series;

import java.util.Arrays;

/** A map from long to int without boxes; values are not negative. Not thread-safe. */
final class LongIntMap {
  private static final int ABSENT = -1;

  private long[] keys;
  private int[] values;
  private int size;

  /**
   * An empty map.
   *
   * @param expected how many keys there may be; no more than a guess
   */
  LongIntMap(int expected) {
    int slots = Math.max(64, Integer.highestOneBit(Math.min(expected, 1 << 14)) * 2);
    keys = new long[slots];
    values = new int[slots];
    Arrays.fill(values, ABSENT);
  }

  int size() {
    return size;
  }

  /** The value of a key, which becomes {@code value} if the key is new. */
  int putIfAbsent(long key, int value) {
    int slot = slot(key);
    if (values[slot] != ABSENT) {
      return values[slot];
    }
    keys[slot] = key;
    values[slot] = value;
    if (++size * 2 > keys.length) {
      grow();
    }
    return value;
  }

  private int slot(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 40) & (keys.length - 1);
    while (values[slot] != ABSENT && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new int[oldValues.length * 2];
    Arrays.fill(values, ABSENT);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != ABSENT) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
