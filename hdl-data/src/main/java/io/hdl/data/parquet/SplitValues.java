package io.hdl.data.parquet;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * BYTE_STREAM_SPLIT values (Parquet's Encodings.md): all first bytes, then all second bytes, and so
 * on.
 */
final class SplitValues extends Values {
  private final int width;
  private final byte[] stream = new byte[BLOCK];
  private final int[] ints = new int[BLOCK];
  private final long[] longs = new long[BLOCK];
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private int start;
  private int count;
  private int index;

  /** Values of so many bytes each. */
  SplitValues(int width) {
    this.width = width;
  }

  @Override
  void start(ByteBuffer page, int from, int to, int rows) {
    if ((to - from) % width != 0) {
      throw new CorruptPage("a page of " + (to - from) + " bytes does not hold whole values");
    }
    bytes = page;
    start = from;
    count = (to - from) / width;
    index = 0;
  }

  private int take(int wanted) {
    if (wanted > count - index) {
      throw tooShort();
    }
    int first = index;
    index += wanted;
    return first;
  }

  private void stream(int number, int first, int wanted) {
    bytes.get(start + number * count + first, stream, 0, wanted);
  }

  @Override
  void ints(int[] into, int at, int wanted) {
    int first = take(wanted);
    Arrays.fill(into, at, at + wanted, 0);
    for (int b = 0; b < Integer.BYTES; b++) {
      stream(b, first, wanted);
      for (int i = 0; i < wanted; i++) {
        into[at + i] |= (stream[i] & 0xFF) << (8 * b);
      }
    }
  }

  @Override
  void longs(long[] into, int at, int wanted) {
    int first = take(wanted);
    Arrays.fill(into, at, at + wanted, 0);
    for (int b = 0; b < Long.BYTES; b++) {
      stream(b, first, wanted);
      for (int i = 0; i < wanted; i++) {
        into[at + i] |= (stream[i] & 0xFFL) << (8 * b);
      }
    }
  }

  @Override
  void floats(float[] into, int at, int wanted) {
    ints(ints, 0, wanted);
    for (int i = 0; i < wanted; i++) {
      into[at + i] = Float.intBitsToFloat(ints[i]);
    }
  }

  @Override
  void doubles(double[] into, int at, int wanted) {
    longs(longs, 0, wanted);
    for (int i = 0; i < wanted; i++) {
      into[at + i] = Double.longBitsToDouble(longs[i]);
    }
  }

  @Override
  int bytes(ByteStrings into, int wanted) {
    int some = Math.min(wanted, Math.max(1, ByteValues.MAX_BLOCK_BYTES / width));
    int first = take(some);
    if (into.bytes.length < some * width) {
      into.bytes = new byte[some * width];
    }
    for (int b = 0; b < width; b++) {
      stream(b, first, some);
      for (int i = 0; i < some; i++) {
        into.bytes[i * width + b] = stream[i];
      }
    }
    for (int i = 0; i < some; i++) {
      into.offsets[i] = i * width;
      into.lengths[i] = width;
    }
    return some;
  }
}
