package io.hdl.data.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Conversions to decimals of the table's scale; each is exact. */
final class ToDecimals {
  private ToDecimals() {}

  /**
   * Integers that are decimals without their point.
   *
   * @param fileScale digits behind the point in the file
   * @param scale digits behind the point in the table
   */
  static Converter<BigDecimal[]> ofLongs(Converter<long[]> unscaled, int fileScale, int scale) {
    long[] block = new long[Values.BLOCK];
    return (values, into, at, count) -> {
      unscaled.read(values, block, 0, count);
      for (int i = 0; i < count; i++) {
        into[at + i] = BigDecimal.valueOf(block[i], fileScale).setScale(scale);
      }
    };
  }

  /** Unsigned integers of 64 bits. */
  static Converter<BigDecimal[]> ofUnsignedLongs(int scale) {
    long[] block = new long[Values.BLOCK];
    return (values, into, at, count) -> {
      values.longs(block, 0, count);
      for (int i = 0; i < count; i++) {
        into[at + i] = new BigDecimal(Long.toUnsignedString(block[i])).setScale(scale);
      }
    };
  }

  /** Big-endian two's complement. */
  static Converter<BigDecimal[]> ofBytes(int fileScale, int scale) {
    ByteStrings strings = new ByteStrings();
    return (values, into, at, count) -> {
      int done = 0;
      while (done < count) {
        int some = values.bytes(strings, count - done);
        for (int i = 0; i < some; i++) {
          into[at + done + i] =
              decimal(strings.bytes, strings.offsets[i], strings.lengths[i], fileScale)
                  .setScale(scale);
        }
        done += some;
      }
    };
  }

  static BigDecimal decimal(byte[] bytes, int offset, int length, int scale) {
    if (length == 0) {
      throw new CorruptPage("a decimal has no bytes");
    }
    return fitsLong(bytes, offset, length)
        ? BigDecimal.valueOf(unscaled(bytes, offset, length), scale)
        : new BigDecimal(new BigInteger(bytes, offset, length), scale);
  }

  /** Whether all bytes but the last eight repeat the sign. */
  static boolean fitsLong(byte[] bytes, int offset, int length) {
    int extra = length - Long.BYTES;
    if (extra <= 0) {
      return true;
    }
    byte sign = (byte) (bytes[offset + extra] >> 7);
    for (int i = 0; i < extra; i++) {
      if (bytes[offset + i] != sign) {
        return false;
      }
    }
    return true;
  }

  /** The number in at most eight bytes, or in the last eight. */
  static long unscaled(byte[] bytes, int offset, int length) {
    int first = Math.max(0, length - Long.BYTES);
    long value = bytes[offset + first];
    for (int i = first + 1; i < length; i++) {
      value = value << 8 | (bytes[offset + i] & 0xFF);
    }
    return value;
  }
}
