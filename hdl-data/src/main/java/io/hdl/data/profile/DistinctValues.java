package io.hdl.data.profile;

import com.google.common.hash.HashCode;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How many different values there are: exact up to a bound, then about. Numbers are kept as they
 * are, texts and bytes by a hash of 128 bits. The count does not depend on the order of the values.
 * Not thread-safe.
 */
final class DistinctValues {
  private static final HashFunction HASH = Hashing.murmur3_128(0x68646c);
  private static final int FIRST_CAPACITY = 256;

  private final int exactLimit;
  private final boolean wide;
  private long[] table;
  private int size;
  private boolean zero;
  // Set once the bound is passed; the table is given up then.
  private final HyperLogLog sketch = new HyperLogLog();
  private boolean exact = true;

  private DistinctValues(int exactLimit, boolean wide) {
    this.exactLimit = exactLimit;
    this.wide = wide;
    this.table = new long[FIRST_CAPACITY * (wide ? 2 : 1)];
  }

  /** Counts values of 64 bits. */
  static DistinctValues ofNumbers(int exactLimit) {
    return new DistinctValues(exactLimit, false);
  }

  /** Counts byte strings. */
  static DistinctValues ofBytes(int exactLimit) {
    return new DistinctValues(exactLimit, true);
  }

  /** Counts a number. */
  void add(long value) {
    long hash = mix(value);
    if (!exact) {
      sketch.add(hash);
    } else if (value == 0) {
      zero = true;
    } else {
      insert(value, 0, hash);
    }
  }

  /** Counts a byte string. */
  void add(byte[] value) {
    HashCode code = HASH.hashBytes(value);
    ByteBuffer bytes = ByteBuffer.wrap(code.asBytes()).order(ByteOrder.LITTLE_ENDIAN);
    long first = bytes.getLong();
    long second = bytes.getLong();
    if (exact) {
      // Zero marks a free place.
      insert(first == 0 ? 1 : first, second, first);
    } else {
      sketch.add(first);
    }
  }

  private void insert(long first, long second, long hash) {
    int width = wide ? 2 : 1;
    int mask = table.length / width - 1;
    int at = (int) hash & mask;
    while (table[at * width] != 0) {
      if (table[at * width] == first && (!wide || table[at * width + 1] == second)) {
        return;
      }
      at = (at + 1) & mask;
    }
    if (size == exactLimit) {
      estimate(hash);
      return;
    }
    table[at * width] = first;
    if (wide) {
      table[at * width + 1] = second;
    }
    size++;
    if (size * 3L > (mask + 1) * 2L) {
      grow(width);
    }
  }

  private void grow(int width) {
    long[] old = table;
    table = new long[old.length * 2];
    int mask = table.length / width - 1;
    for (int from = 0; from < old.length; from += width) {
      if (old[from] != 0) {
        int at = (int) (wide ? old[from] : mix(old[from])) & mask;
        while (table[at * width] != 0) {
          at = (at + 1) & mask;
        }
        System.arraycopy(old, from, table, at * width, width);
      }
    }
  }

  private void estimate(long hash) {
    int width = wide ? 2 : 1;
    for (int at = 0; at < table.length; at += width) {
      if (table[at] != 0) {
        sketch.add(wide ? table[at] : mix(table[at]));
      }
    }
    if (zero) {
      sketch.add(mix(0));
    }
    sketch.add(hash);
    exact = false;
    table = new long[0];
  }

  /** The finalizer of SplitMix64: every bit of the value moves every bit of the result. */
  static long mix(long value) {
    long mixed = value + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /** The number of different values. */
  DistinctCount count() {
    return exact
        ? new DistinctCount(size + (zero ? 1 : 0), true)
        : new DistinctCount(sketch.estimate(), false);
  }
}
