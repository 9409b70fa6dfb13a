package io.hdl.data.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Conversions to 64-bit integers. */
final class ToLongs {
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final int JULIAN_EPOCH = 2_440_588;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private ToLongs() {}

  /** Signed integers, booleans and days. */
  static Converter<long[]> ofInts() {
    int[] block = new int[Values.BLOCK];
    return (values, into, at, count) -> {
      values.ints(block, 0, count);
      for (int i = 0; i < count; i++) {
        into[at + i] = block[i];
      }
    };
  }

  /** Unsigned integers of 32 bits. */
  static Converter<long[]> ofUnsigned() {
    int[] block = new int[Values.BLOCK];
    return (values, into, at, count) -> {
      values.ints(block, 0, count);
      for (int i = 0; i < count; i++) {
        into[at + i] = Integer.toUnsignedLong(block[i]);
      }
    };
  }

  /** Days as microseconds. */
  static Converter<long[]> ofDays() {
    int[] block = new int[Values.BLOCK];
    return (values, into, at, count) -> {
      values.ints(block, 0, count);
      for (int i = 0; i < count; i++) {
        into[at + i] = block[i] * MICROS_PER_DAY;
      }
    };
  }

  /** Integers of 64 bits and microseconds. */
  static Converter<long[]> ofLongs() {
    return Values::longs;
  }

  /** Milliseconds as microseconds. */
  static Converter<long[]> ofMillis() {
    return (values, into, at, count) -> {
      values.longs(into, at, count);
      for (int i = at; i < at + count; i++) {
        into[i] = Math.multiplyExact(into[i], 1000L);
      }
    };
  }

  /** Nanoseconds as microseconds, rounded down. */
  static Converter<long[]> ofNanos() {
    return (values, into, at, count) -> {
      values.longs(into, at, count);
      for (int i = at; i < at + count; i++) {
        into[i] = Math.floorDiv(into[i], 1000L);
      }
    };
  }

  /** INT96 timestamps, nanoseconds of the day and then the Julian day, as microseconds. */
  static Converter<long[]> ofInt96() {
    ByteStrings strings = new ByteStrings();
    return (values, into, at, count) -> {
      int done = 0;
      while (done < count) {
        int some = values.bytes(strings, count - done);
        for (int i = 0; i < some; i++) {
          int offset = strings.offsets[i];
          long nanos = (long) LONG.get(strings.bytes, offset);
          int day = (int) INT.get(strings.bytes, offset + Long.BYTES);
          into[at + done + i] =
              Math.addExact(
                  Math.multiplyExact((long) day - JULIAN_EPOCH, MICROS_PER_DAY),
                  Math.floorDiv(nanos, 1000L));
        }
        done += some;
      }
    };
  }
}
