package io.hdl.data.series;

/**
 * An order of the numbers from 0 to n - 1: at each position stands one number, and each number
 * stands at one position. Takes no memory for the numbers. Immutable.
 *
 * <p>The shuffled order is a Feistel network over the next power of four, walked until it lands
 * below n (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002, cycle walking), with
 * SplitMix64 as round function.
 */
public final class WindowOrder {
  private static final int ROUNDS = 8;

  private final long size;
  private final int halfBits;
  private final long[] roundKeys;

  private WindowOrder(long size, long[] roundKeys) {
    if (size < 0) {
      throw new IllegalArgumentException("size: " + size + " (expected: >= 0)");
    }
    this.size = size;
    int bits = size <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    this.halfBits = Math.max(1, (bits + 1) / 2);
    this.roundKeys = roundKeys;
  }

  /** The order 0, 1, 2, ... */
  public static WindowOrder sequential(long size) {
    return new WindowOrder(size, new long[0]);
  }

  /**
   * A shuffled order: the same for the same size, seed and epoch, and another for another epoch.
   */
  public static WindowOrder shuffled(long size, long seed, long epoch) {
    long[] keys = new long[ROUNDS];
    long state = mix(seed + 0x9E3779B97F4A7C15L) ^ mix(epoch + 0xD1B54A32D192ED03L);
    for (int i = 0; i < ROUNDS; i++) {
      state += 0x9E3779B97F4A7C15L;
      keys[i] = mix(state);
    }
    return new WindowOrder(size, keys);
  }

  /** How many numbers are ordered. */
  public long size() {
    return size;
  }

  /** The number at a position. */
  public long at(long position) {
    if (position < 0 || position >= size) {
      throw new IndexOutOfBoundsException("position " + position + " of " + size);
    }
    if (roundKeys.length == 0) {
      return position;
    }
    long number = position;
    do {
      number = permute(number);
    } while (number >= size);
    return number;
  }

  private long permute(long number) {
    long mask = (1L << halfBits) - 1;
    long left = number >>> halfBits;
    long right = number & mask;
    for (long key : roundKeys) {
      long next = left ^ (mix(right + key) & mask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }

  // SplitMix64's finaliser (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators").
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
