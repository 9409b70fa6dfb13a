package io.hdl.data.profile;

import java.util.Arrays;
import java.util.List;

/**
 * Which rows belong to a uniform sample: those with the least hashes of their position ("bottom-k
 * sampling", Cohen and Kaplan 2007). The same rows are chosen whatever the order and the number of
 * threads. Not thread-safe.
 *
 * @param <V> an array that holds one value per place
 */
abstract class SmallestHashes<V> {
  private final int size;
  private final long[] hashes;
  private V values;
  private int used;
  private long below = Long.MAX_VALUE;
  private long offered;

  SmallestHashes(int size) {
    this.size = size;
    this.hashes = new long[2 * size];
    this.values = array(2 * size);
  }

  abstract V array(int length);

  abstract void move(V from, int at, V into, int to);

  /** Counts a value and tells the place where to put it, or -1 if it is not in the sample. */
  final int place(long rowHash) {
    offered++;
    long hash = rowHash >>> 1;
    if (hash >= below) {
      return -1;
    }
    if (used == hashes.length) {
      shrink();
      if (hash >= below) {
        return -1;
      }
    }
    hashes[used] = hash;
    return used++;
  }

  private void shrink() {
    if (used <= size) {
      return;
    }
    long[] sorted = Arrays.copyOf(hashes, used);
    Arrays.sort(sorted);
    // Hashes are of different rows: equal ones are too rare to care.
    below = sorted[size];
    V kept = array(2 * size);
    int next = 0;
    for (int i = 0; i < used; i++) {
      if (hashes[i] < below) {
        hashes[next] = hashes[i];
        move(values, i, kept, next++);
      }
    }
    used = next;
    values = kept;
  }

  /** The values, those of the sample first. */
  final V values() {
    return values;
  }

  /** Reduces the places to the sample; returns their number. */
  final int finish() {
    shrink();
    return used;
  }

  /** How many values the sample stands for. */
  final long offered() {
    return offered;
  }

  /** The hash of a row's position. */
  static long hash(long batch, int row) {
    return DistinctValues.mix(batch * 0x2545f4914f6cdd1dL + row);
  }

  /** A sample of numbers. */
  static final class Numbers extends SmallestHashes<double[]> {
    Numbers(int size) {
      super(size);
    }

    @Override
    double[] array(int length) {
      return new double[length];
    }

    @Override
    void move(double[] from, int at, double[] into, int to) {
      into[to] = from[at];
    }

    void offer(long rowHash, double value) {
      int place = place(rowHash);
      if (place >= 0) {
        values()[place] = value;
      }
    }

    NumberSample sample() {
      // Finishing moves the values: first this, then those.
      int size = finish();
      double[] sorted = Arrays.copyOf(values(), size);
      Arrays.sort(sorted);
      return new NumberSample(sorted, offered());
    }
  }

  /** A sample of texts. */
  static final class Texts extends SmallestHashes<String[]> {
    Texts(int size) {
      super(size);
    }

    @Override
    String[] array(int length) {
      return new String[length];
    }

    @Override
    void move(String[] from, int at, String[] into, int to) {
      into[to] = from[at];
    }

    void offer(long rowHash, int code, List<String> dictionary) {
      int place = place(rowHash);
      if (place >= 0) {
        values()[place] = dictionary.get(code);
      }
    }
  }
}
