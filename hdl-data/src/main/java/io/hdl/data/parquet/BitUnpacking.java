package io.hdl.data.parquet;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Takes numbers of few bits out of bytes, least significant bit first. As many numbers as fit come
 * out of one 64-bit read, so buffers must be readable 8 bytes beyond the last number.
 */
final class BitUnpacking {
  private BitUnpacking() {}

  /**
   * Unpacks numbers of up to 32 bits.
   *
   * @param start where the number 0 begins, in little-endian bytes
   * @param from the first number wanted
   * @param width bits in each
   */
  static void ints(
      ByteBuffer bytes, int start, int from, int width, int[] into, int at, int count) {
    int i = 0;
    int head = Math.min(count, -from & 7);
    if (head > 0) {
      single(bytes, start, from, width, into, at, head);
      i = head;
    }
    int groups = (count - i) >>> 3;
    if (groups > 0) {
      int position = start + (int) (((long) (from + i) * width) >>> 3);
      if (width <= 8) {
        eight(bytes, position, width, into, at + i, groups);
      } else if (width <= 16) {
        four(bytes, position, width, into, at + i, groups);
      } else if (width <= 28) {
        two(bytes, position, width, into, at + i, groups);
      } else {
        single(bytes, start, from + i, width, into, at + i, groups << 3);
      }
      i += groups << 3;
    }
    if (i < count) {
      single(bytes, start, from + i, width, into, at + i, count - i);
    }
  }

  private static void single(
      ByteBuffer bytes, int start, int from, int width, int[] into, int at, int count) {
    long mask = (1L << width) - 1;
    long bit = (long) from * width;
    for (int i = 0; i < count; i++) {
      long word = bytes.getLong(start + (int) (bit >>> 3));
      into[at + i] = (int) ((word >>> (bit & 7)) & mask);
      bit += width;
    }
  }

  /** Groups of eight numbers, each out of one read. */
  private static void eight(
      ByteBuffer bytes, int position, int width, int[] into, int at, int groups) {
    long mask = (1L << width) - 1;
    int out = at;
    int in = position;
    for (int g = 0; g < groups; g++) {
      long word = bytes.getLong(in);
      into[out] = (int) (word & mask);
      into[out + 1] = (int) ((word >>> width) & mask);
      into[out + 2] = (int) ((word >>> (2 * width)) & mask);
      into[out + 3] = (int) ((word >>> (3 * width)) & mask);
      into[out + 4] = (int) ((word >>> (4 * width)) & mask);
      into[out + 5] = (int) ((word >>> (5 * width)) & mask);
      into[out + 6] = (int) ((word >>> (6 * width)) & mask);
      into[out + 7] = (int) ((word >>> (7 * width)) & mask);
      in += width;
      out += 8;
    }
  }

  /** Groups of eight numbers, four out of one read. */
  private static void four(
      ByteBuffer bytes, int position, int width, int[] into, int at, int groups) {
    long mask = (1L << width) - 1;
    int second = width >>> 1;
    int shift = (4 * width) & 7;
    int out = at;
    int in = position;
    for (int g = 0; g < groups; g++) {
      long low = bytes.getLong(in);
      long high = bytes.getLong(in + second) >>> shift;
      into[out] = (int) (low & mask);
      into[out + 1] = (int) ((low >>> width) & mask);
      into[out + 2] = (int) ((low >>> (2 * width)) & mask);
      into[out + 3] = (int) ((low >>> (3 * width)) & mask);
      into[out + 4] = (int) (high & mask);
      into[out + 5] = (int) ((high >>> width) & mask);
      into[out + 6] = (int) ((high >>> (2 * width)) & mask);
      into[out + 7] = (int) ((high >>> (3 * width)) & mask);
      in += width;
      out += 8;
    }
  }

  /** Groups of eight numbers, two out of one read. */
  private static void two(
      ByteBuffer bytes, int position, int width, int[] into, int at, int groups) {
    long mask = (1L << width) - 1;
    int out = at;
    int in = position;
    for (int g = 0; g < groups; g++) {
      for (int pair = 0; pair < 4; pair++) {
        int bit = 2 * pair * width;
        long word = bytes.getLong(in + (bit >>> 3)) >>> (bit & 7);
        into[out] = (int) (word & mask);
        into[out + 1] = (int) ((word >>> width) & mask);
        out += 2;
      }
      in += width;
    }
  }

  /** Unpacks numbers of up to 64 bits, from the first on. */
  static void longs(ByteBuffer bytes, int start, int width, long[] into, int count) {
    if (width == 0) {
      Arrays.fill(into, 0, count, 0);
      return;
    }
    long mask = -1L >>> (64 - width);
    long bit = 0;
    for (int i = 0; i < count; i++) {
      int position = start + (int) (bit >>> 3);
      int shift = (int) (bit & 7);
      long word = bytes.getLong(position) >>> shift;
      if (shift + width > 64) {
        word |= (bytes.get(position + 8) & 0xFFL) << (64 - shift);
      }
      into[i] = word & mask;
      bit += width;
    }
  }
}
