package io.hdl.data.profile;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The sum of finite doubles without rounding: it does not depend on their order. Rounded once at
 * the end it equals Python's {@code math.fsum}. The small superaccumulator of R. M. Neal, "Fast
 * exact summation using small and large superaccumulators" (2015): 32 bits of the sum per long. Not
 * thread-safe.
 */
final class ExactSum {
  private static final int CHUNKS = 67;
  private static final int CHUNK_BITS = 32;
  private static final long CHUNK_MASK = 0xffff_ffffL;
  // A chunk takes this many parts of 53 bits before it may overflow.
  private static final int ADDITIONS = 1 << 9;
  private static final long MANTISSA_MASK = (1L << 52) - 1;
  private static final BigDecimal UNIT = new BigDecimal(Double.MIN_VALUE);

  private final long[] chunks = new long[CHUNKS];
  private int additions;

  /** Adds a finite value. */
  void add(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int exponent = (int) (bits >>> 52) & 0x7ff;
    long mantissa = bits & MANTISSA_MASK;
    // In units of the least positive double; numbers without an implicit bit have its exponent.
    int position = 0;
    if (exponent != 0) {
      mantissa |= 1L << 52;
      position = exponent - 1;
    }
    int chunk = position >>> 5;
    int shift = position & 31;
    long low = (mantissa << shift) & CHUNK_MASK;
    long high = mantissa >>> (CHUNK_BITS - shift);
    if (bits < 0) {
      chunks[chunk] -= low;
      chunks[chunk + 1] -= high;
    } else {
      chunks[chunk] += low;
      chunks[chunk + 1] += high;
    }
    if (++additions == ADDITIONS) {
      carry();
    }
  }

  private void carry() {
    for (int i = 0; i < CHUNKS - 1; i++) {
      long carry = chunks[i] >> CHUNK_BITS;
      chunks[i] -= carry << CHUNK_BITS;
      chunks[i + 1] += carry;
    }
    additions = 0;
  }

  /** The exact sum. */
  BigDecimal value() {
    BigInteger sum = BigInteger.ZERO;
    for (int i = CHUNKS - 1; i >= 0; i--) {
      sum = sum.shiftLeft(CHUNK_BITS).add(BigInteger.valueOf(chunks[i]));
    }
    return new BigDecimal(sum).multiply(UNIT);
  }
}
