package io.hdl.data.parquet;

import java.nio.ByteBuffer;

/**
 * Decodes DELTA_BINARY_PACKED integers (Parquet's Encodings.md): blocks of differences, packed with
 * as few bits as each miniblock needs. Belongs to one thread.
 */
final class DeltaNumbers {
  private static final int MAX_MINIBLOCK = 1 << 16;
  private static final int MAX_MINIBLOCKS = 1 << 10;

  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private int position;
  private int end;
  private int perMiniblock;
  private int miniblocks;
  private int total;
  private int left;
  private long last;
  private boolean first;
  private long minDelta;
  private int widths;
  private int miniblock;
  private long[] deltas = new long[0];
  private int used;
  private int ready;

  /** Begins with the numbers from one position on; they end before another. */
  void start(ByteBuffer buffer, int from, int to, int atMost) {
    bytes = buffer;
    position = from;
    end = to;
    long blockSize = varint();
    long count = varint();
    long values = varint();
    last = zigzag(varint());
    if (count < 1 || count > MAX_MINIBLOCKS || blockSize < 8 || blockSize % (8 * count) != 0) {
      throw new CorruptPage("blocks of " + blockSize + " deltas in " + count + " miniblocks");
    }
    if (blockSize / count > MAX_MINIBLOCK) {
      throw new CorruptPage("miniblocks of " + blockSize / count + " deltas");
    }
    if (values < 0 || values > atMost) {
      throw new CorruptPage(values + " deltas in a page of " + atMost + " values");
    }
    perMiniblock = (int) (blockSize / count);
    miniblocks = (int) count;
    total = (int) values;
    left = total;
    first = true;
    miniblock = miniblocks;
    used = 0;
    ready = 0;
    if (deltas.length < perMiniblock) {
      deltas = new long[perMiniblock];
    }
  }

  /** Number of numbers. */
  int count() {
    return total;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (position >= end) {
        throw Values.tooShort();
      }
      long next = bytes.get(position++) & 0xFF;
      value |= (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new CorruptPage("a number among deltas has more than 64 bits");
  }

  private static long zigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }

  /** Reads the header of the next block, if the last one is used up, and the miniblock's width. */
  private int nextWidth() {
    if (miniblock == miniblocks) {
      minDelta = zigzag(varint());
      if (miniblocks > end - position) {
        throw Values.tooShort();
      }
      widths = position;
      position += miniblocks;
      miniblock = 0;
    }
    int width = bytes.get(widths + miniblock++) & 0xFF;
    if (width > 64) {
      throw new CorruptPage("deltas of " + width + " bits");
    }
    return width;
  }

  /** Finds where the numbers end, without making them. To be called right after the start. */
  int skipAll() {
    int deltasLeft = Math.max(0, total - 1);
    while (deltasLeft > 0) {
      int width = nextWidth();
      position += bytesOf(width, Math.min(deltasLeft, perMiniblock));
      deltasLeft -= Math.min(deltasLeft, perMiniblock);
    }
    return position;
  }

  /** The bytes of a miniblock; writers may cut the last one short. */
  private int bytesOf(int width, int needed) {
    int whole = (int) ((long) perMiniblock * width / 8);
    if (whole <= end - position) {
      return whole;
    }
    if (((long) needed * width + 7) / 8 > end - position) {
      throw Values.tooShort();
    }
    return end - position;
  }

  private void nextMiniblock() {
    int width = nextWidth();
    ready = Math.min(left, perMiniblock);
    used = 0;
    int length = bytesOf(width, ready);
    BitUnpacking.longs(bytes, position, width, deltas, ready);
    position += length;
  }

  /** Takes the next numbers. */
  void longs(long[] into, int at, int count) {
    if (count > left) {
      throw Values.tooShort();
    }
    int out = at;
    int until = at + count;
    if (first && count > 0) {
      into[out++] = last;
      first = false;
      left--;
    }
    while (out < until) {
      if (used == ready) {
        nextMiniblock();
      }
      int some = Math.min(until - out, ready - used);
      long value = last;
      for (int i = 0; i < some; i++) {
        value += minDelta + deltas[used + i];
        into[out + i] = value;
      }
      last = value;
      used += some;
      out += some;
      left -= some;
    }
  }
}
