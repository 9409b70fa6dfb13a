package io.hdl.data.parquet;

import java.math.BigDecimal;

/** Conversions to floats; each rounds once, from the value that the file holds. */
final class ToFloats {
  /** Floats as they are. */
  static final Converter<float[]> IDENTITY = Values::floats;

  private static final double[] TENS = new double[23];

  static {
    for (int i = 0; i < TENS.length; i++) {
      TENS[i] = Double.parseDouble("1e" + i);
    }
  }

  private ToFloats() {}

  static Converter<float[]> ofFloats() {
    return IDENTITY;
  }

  /** Signed integers of 32 bits, booleans and days. */
  static Converter<float[]> ofInts() {
    int[] block = new int[Values.BLOCK];
    return (values, into, at, count) -> {
      values.ints(block, 0, count);
      for (int i = 0; i < count; i++) {
        into[at + i] = block[i];
      }
    };
  }

  static Converter<float[]> ofLongs(Converter<long[]> longs) {
    long[] block = new long[Values.BLOCK];
    return (values, into, at, count) -> {
      longs.read(values, block, 0, count);
      for (int i = 0; i < count; i++) {
        into[at + i] = block[i];
      }
    };
  }

  static Converter<float[]> ofDoubles() {
    double[] block = new double[Values.BLOCK];
    return (values, into, at, count) -> {
      values.doubles(block, 0, count);
      for (int i = 0; i < count; i++) {
        into[at + i] = (float) block[i];
      }
    };
  }

  /** Decimals without their point. */
  static Converter<float[]> ofDecimals(Converter<long[]> unscaled, int scale) {
    long[] block = new long[Values.BLOCK];
    return (values, into, at, count) -> {
      unscaled.read(values, block, 0, count);
      for (int i = 0; i < count; i++) {
        into[at + i] = rounded(block[i], scale);
      }
    };
  }

  /** Decimals as big-endian two's complement. */
  static Converter<float[]> ofDecimalBytes(int scale) {
    ByteStrings strings = new ByteStrings();
    return (values, into, at, count) -> {
      int done = 0;
      while (done < count) {
        int some = values.bytes(strings, count - done);
        for (int i = 0; i < some; i++) {
          byte[] bytes = strings.bytes;
          int offset = strings.offsets[i];
          int length = strings.lengths[i];
          into[at + done + i] =
              length > 0 && ToDecimals.fitsLong(bytes, offset, length)
                  ? rounded(ToDecimals.unscaled(bytes, offset, length), scale)
                  : ToDecimals.decimal(bytes, offset, length, scale).floatValue();
        }
        done += some;
      }
    };
  }

  /** What any other conversion to decimals gives. */
  static Converter<float[]> ofAny(Converter<BigDecimal[]> decimals) {
    BigDecimal[] block = new BigDecimal[Values.BLOCK];
    return (values, into, at, count) -> {
      decimals.read(values, block, 0, count);
      for (int i = 0; i < count; i++) {
        into[at + i] = block[i].floatValue();
      }
    };
  }

  /**
   * The float nearest to a decimal. The quotient of two exact doubles is rounded once; rounding it
   * again to a float is harmless unless it lies just between two floats, where the first rounding
   * may have put it.
   */
  static float rounded(long unscaled, int scale) {
    if (scale == 0) {
      return unscaled;
    }
    if (scale > 0 && scale < TENS.length && Math.abs(unscaled) <= 1L << 53) {
      double quotient = unscaled / TENS[scale];
      boolean between = (Double.doubleToRawLongBits(quotient) & 0x1FFF_FFFFL) == 0x1000_0000L;
      if (unscaled == 0 || (!between && Math.abs(quotient) >= Float.MIN_NORMAL)) {
        return (float) quotient;
      }
    }
    return BigDecimal.valueOf(unscaled, scale).floatValue();
  }
}
