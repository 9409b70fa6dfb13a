package io.hdl.data.series;

/**
 * A hash of texts that is the same in every process: FNV-1a over the characters, mixed at the end
 * as SplitMix64 does. It names files; it is no protection against anybody.
 */
final class StableHash {
  /** Where a hash begins. */
  static final long BEGIN = 0xCBF29CE484222325L;

  private static final long PRIME = 0x100000001B3L;

  private StableHash() {}

  /** Goes on with one more text; where texts end is part of the hash. */
  static long add(long hash, String text) {
    long next = hash;
    for (int i = 0; i < text.length(); i++) {
      next = (next ^ text.charAt(i)) * PRIME;
    }
    return (next ^ 0x1FFFF) * PRIME;
  }

  /** The hash as 16 hexadecimal digits. */
  static String hex(long hash) {
    long z = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    String digits = Long.toHexString(z);
    return "0".repeat(16 - digits.length()).concat(digits);
  }
}
