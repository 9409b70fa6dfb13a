package io.hdl.data.profile;

import java.util.Arrays;

/** Numbers keys of 64 bits in the order of their first appearance. Not thread-safe. */
final class IdTable {
  private long[] keys = new long[64];
  private int[] ids = new int[64];
  private long[] byId = new long[32];
  private int size;

  IdTable() {
    Arrays.fill(ids, -1);
  }

  int size() {
    return size;
  }

  /** The key with a number. */
  long key(int id) {
    return byId[id];
  }

  /** The number of a key, given to it now if it is new. */
  int id(long key) {
    int mask = keys.length - 1;
    int at = (int) DistinctValues.mix(key) & mask;
    while (ids[at] >= 0) {
      if (keys[at] == key) {
        return ids[at];
      }
      at = (at + 1) & mask;
    }
    keys[at] = key;
    ids[at] = size;
    if (size == byId.length) {
      byId = Arrays.copyOf(byId, 2 * size);
    }
    byId[size++] = key;
    if (2 * size > keys.length) {
      grow();
    }
    return size - 1;
  }

  private void grow() {
    keys = new long[2 * keys.length];
    ids = new int[keys.length];
    Arrays.fill(ids, -1);
    int mask = keys.length - 1;
    for (int id = 0; id < size; id++) {
      int at = (int) DistinctValues.mix(byId[id]) & mask;
      while (ids[at] >= 0) {
        at = (at + 1) & mask;
      }
      keys[at] = byId[id];
      ids[at] = id;
    }
  }
}
