package io.hdl.data.feed;

/**
 * An order of the numbers from 0 to n - 1: at each position stands one number, and each number
 * stands at one position. Takes no memory for the numbers. Immutable and thread-safe.
 *
 * <p>The shuffled order is a Feistel network over the next power of two, walked until it lands
 * below n (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002, cycle walking), with
 * SplitMix64 as round function. Where the power is odd, the right half has one bit more than the
 * left.
 */
public final class Permutation {
  /** How many positions are worked on side by side. */
  private static final int LANES = 512;

  private static final int ROUNDS = 6;
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** Room to work in, to be used again for each call. Belongs to one thread at a time. */
  public static final class Workspace {
    private final long[] left = new long[LANES];
    private final long[] right = new long[LANES];
    private final int[] places = new int[LANES];
  }

  private final long size;
  private final int rightBits;
  private final long leftMask;
  private final long rightMask;
  private final long[] roundKeys;

  private Permutation(long size, long[] roundKeys) {
    if (size < 0) {
      throw new IllegalArgumentException("size: " + size + " (expected: >= 0)");
    }
    this.size = size;
    int bits = Math.max(2, size <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(size - 1));
    this.rightBits = (bits + 1) / 2;
    this.rightMask = (1L << rightBits) - 1;
    this.leftMask = (1L << (bits - rightBits)) - 1;
    this.roundKeys = roundKeys;
  }

  /** The order 0, 1, 2, ... */
  public static Permutation sequential(long size) {
    return new Permutation(size, new long[0]);
  }

  /**
   * A shuffled order: the same for the same size, seed and epoch, and another for another epoch.
   */
  public static Permutation shuffled(long size, long seed, long epoch) {
    long[] keys = new long[ROUNDS];
    long state = mix(seed + GOLDEN) ^ mix(epoch + 0xD1B54A32D192ED03L);
    for (int i = 0; i < ROUNDS; i++) {
      state += GOLDEN;
      keys[i] = mix(state);
    }
    return new Permutation(size, keys);
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

  /**
   * The numbers at consecutive positions; several times as fast as one by one.
   *
   * @param from first position
   * @param count number of positions
   * @param into takes the numbers, from index 0 on
   */
  public void copyTo(long from, int count, long[] into, Workspace workspace) {
    if (from < 0 || count < 0 || from > size - count) {
      throw new IndexOutOfBoundsException(
          "positions " + from + " to " + (from + count) + " of " + size);
    }
    if (roundKeys.length == 0) {
      for (int i = 0; i < count; i++) {
        into[i] = from + i;
      }
      return;
    }
    for (int done = 0; done < count; done += LANES) {
      walk(from + done, Math.min(LANES, count - done), into, done, workspace);
    }
  }

  /** Walks a block of positions together; those that landed below n drop out. */
  private void walk(long from, int count, long[] into, int at, Workspace workspace) {
    long[] left = workspace.left;
    long[] right = workspace.right;
    int[] places = workspace.places;
    for (int i = 0; i < count; i++) {
      left[i] = (from + i) >>> rightBits;
      right[i] = (from + i) & rightMask;
      places[i] = at + i;
    }
    int walking = count;
    while (walking > 0) {
      for (int round = 0; round < ROUNDS; round += 2) {
        round(left, right, walking, roundKeys[round], leftMask);
        round(right, left, walking, roundKeys[round + 1], rightMask);
      }
      int still = 0;
      for (int i = 0; i < walking; i++) {
        long number = left[i] << rightBits | right[i];
        into[places[i]] = number;
        left[still] = left[i];
        right[still] = right[i];
        places[still] = places[i];
        still += number >= size ? 1 : 0;
      }
      walking = still;
    }
  }

  // Independent lanes in a loop without branches, which the compiler turns into vectors.
  private static void round(long[] changed, long[] other, int lanes, long key, long mask) {
    for (int i = 0; i < lanes; i++) {
      changed[i] ^= mix(other[i] + key) & mask;
    }
  }

  private long permute(long number) {
    long left = number >>> rightBits;
    long right = number & rightMask;
    for (int round = 0; round < ROUNDS; round += 2) {
      left ^= mix(right + roundKeys[round]) & leftMask;
      right ^= mix(left + roundKeys[round + 1]) & rightMask;
    }
    return left << rightBits | right;
  }

  /**
   * A well mixed number: the same for the same input. SplitMix64's finaliser (Steele, Lea, Flood,
   * "Fast Splittable Pseudorandom Number Generators", 2014).
   */
  public static long mix(long number) {
    long z = number;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
