package io.hdl.data.transfer;

/**
 * Combines CRC-32C values of pieces into that of the whole without their bytes: appending n bytes
 * multiplies by x<sup>8n</sup> modulo the Castagnoli polynomial (as zlib's {@code crc32_combine}
 * does for its own).
 */
final class Crc32cSum {
  /** x<sup>32</sup> + x<sup>28</sup> + ... + 1, bits reversed, the leading one left out. */
  private static final int POLYNOMIAL = 0x82f63b78;

  /**
   * x<sup>2^k</sup>. The polynomial is (x + 1) times a primitive one of degree 31, so that they
   * repeat after 31.
   */
  private static final int[] POWERS = powers();

  private int crc;
  private long lastLength = -1;
  private int lastFactor;

  /** Appends a piece. */
  void append(int pieceCrc, long length) {
    if (length != lastLength) {
      lastFactor = factor(length);
      lastLength = length;
    }
    crc = multiply(lastFactor, crc) ^ pieceCrc;
  }

  /** The sum of all pieces, an unsigned 32-bit number. */
  long value() {
    return Integer.toUnsignedLong(crc);
  }

  /** x<sup>8n</sup>. */
  private static int factor(long bytes) {
    int product = 1 << 31;
    int k = 3;
    for (long rest = bytes; rest != 0; rest >>>= 1) {
      if ((rest & 1) != 0) {
        product = multiply(POWERS[k], product);
      }
      k = (k + 1) % POWERS.length;
    }
    return product;
  }

  private static int multiply(int a, int b) {
    int product = 0;
    int power = b;
    for (int bit = 31; bit >= 0; bit--) {
      if ((a & (1 << bit)) != 0) {
        product ^= power;
      }
      power = (power & 1) != 0 ? (power >>> 1) ^ POLYNOMIAL : power >>> 1;
    }
    return product;
  }

  private static int[] powers() {
    int[] powers = new int[31];
    powers[0] = 1 << 30;
    for (int k = 1; k < powers.length; k++) {
      powers[k] = multiply(powers[k - 1], powers[k - 1]);
    }
    return powers;
  }
}
