package io.hdl.data.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Decodes the hybrid of run lengths and bit-packed groups (Parquet's Encodings.md, "RLE"), in which
 * dictionary indices, levels and booleans are stored. Belongs to one thread.
 *
 * <p>The buffer must be readable 8 bytes beyond the last byte of the range.
 */
final class Hybrid {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long[] BYTES_OF_BITS = new long[256];

  static {
    for (int bits = 0; bits < BYTES_OF_BITS.length; bits++) {
      for (int bit = 0; bit < Long.BYTES; bit++) {
        BYTES_OF_BITS[bits] |= ((bits >>> bit) & 1L) << (8 * bit);
      }
    }
  }

  private final String what;
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private int position;
  private int end;
  private int width;
  private int left;
  private boolean packed;
  private int value;
  private int runStart;
  private int index;

  /** A decoder whose complaints name what it decodes. */
  Hybrid(String what) {
    this.what = what;
  }

  /** Begins with the runs that lie from one position to below another. */
  void start(ByteBuffer buffer, int from, int to, int bitWidth) {
    if (bitWidth < 0 || bitWidth > 32) {
      throw new CorruptPage(what + " have " + bitWidth + " bits each (expected: 0 to 32)");
    }
    bytes = buffer;
    position = from;
    end = to;
    width = bitWidth;
    left = 0;
  }

  /** How many of the next values, at least one, are the same one: {@link #value}; 0 if unknown. */
  int constant() {
    if (left == 0) {
      nextRun();
    }
    return packed ? 0 : left;
  }

  /** The value of the run, if {@link #constant} is not 0. */
  int value() {
    return value;
  }

  /** Passes over values of a run of {@link #constant} ones. */
  void passConstant(int count) {
    left -= count;
  }

  /** Values left in the run at hand. */
  int left() {
    return left;
  }

  private void nextRun() {
    while (left == 0) {
      long header = header();
      if ((header & 1) == 0) {
        packed = false;
        left = (int) (header >>> 1);
        value = runValue();
      } else {
        long groups = header >>> 1;
        long needed = groups * (long) width;
        packed = width > 0;
        value = 0;
        if (needed > end - position) {
          // Writers may cut the last group short.
          left = (int) (8L * (end - position) / width);
          needed = (long) end - position;
        } else {
          left = (int) Math.min(Integer.MAX_VALUE, groups * 8);
        }
        runStart = position;
        index = 0;
        position += (int) needed;
      }
    }
  }

  private long header() {
    long header = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (position >= end) {
        throw new CorruptPage(what + " end too early");
      }
      int next = bytes.get(position++) & 0xFF;
      header |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        if (header >>> 32 != 0) {
          break;
        }
        return header;
      }
    }
    throw new CorruptPage(what + " have a run that is too long");
  }

  private int runValue() {
    int length = (width + 7) >>> 3;
    if (length > end - position) {
      throw new CorruptPage(what + " end too early");
    }
    int found = 0;
    for (int i = 0; i < length; i++) {
      found |= (bytes.get(position++) & 0xFF) << (8 * i);
    }
    return found;
  }

  /** Decodes the next values into an array. */
  void ints(int[] into, int at, int count) {
    int done = 0;
    while (done < count) {
      if (left == 0) {
        nextRun();
      }
      int some = Math.min(left, count - done);
      if (packed) {
        BitUnpacking.ints(bytes, runStart, index, width, into, at + done, some);
        index += some;
      } else {
        Arrays.fill(into, at + done, at + done + some, value);
      }
      left -= some;
      done += some;
    }
  }

  /**
   * Decodes the next values and marks with 1 those that equal one value, else with 0.
   *
   * @return how many do
   */
  int marks(byte[] into, int count, int wanted, int[] scratch) {
    int found = 0;
    int done = 0;
    while (done < count) {
      int same = constant();
      if (same > 0) {
        same = Math.min(same, count - done);
        Arrays.fill(into, done, done + same, (byte) (value == wanted ? 1 : 0));
        found += value == wanted ? same : 0;
        passConstant(same);
        done += same;
      } else {
        int some = Math.min(left, count - done);
        int whole = width == 1 && wanted == 1 && (index & 7) == 0 ? some & -Long.BYTES : 0;
        if (whole > 0) {
          found += wholeBytes(into, done, whole);
        } else {
          BitUnpacking.ints(bytes, runStart, index, width, scratch, 0, some);
          for (int i = 0; i < some; i++) {
            int mark = scratch[i] == wanted ? 1 : 0;
            into[done + i] = (byte) mark;
            found += mark;
          }
          whole = some;
        }
        index += whole;
        left -= whole;
        done += whole;
      }
    }
    return found;
  }

  /** Makes a byte of each bit, eight at a time; gives how many bits are set. */
  private int wholeBytes(byte[] into, int at, int count) {
    int found = 0;
    int in = runStart + (index >>> 3);
    for (int i = 0; i < count; i += Long.BYTES) {
      int eight = bytes.get(in++) & 0xFF;
      LONG.set(into, at + i, BYTES_OF_BITS[eight]);
      found += Integer.bitCount(eight);
    }
    return found;
  }
}
