package io.hdl.data.parquet;

import java.nio.ByteBuffer;

/** Byte strings: PLAIN, of any length or of one, and DELTA_LENGTH_BYTE_ARRAY. */
abstract class ByteValues extends Values {
  /** Bytes of strings that are taken at a time, unless a single one has more. */
  static final int MAX_BLOCK_BYTES = 1 << 20;

  byte[] heap = new byte[0];
  int next;
  int end;

  /** Copies the page's bytes into an array, where strings can be made of them. */
  final void copy(ByteBuffer page, int from, int to) {
    int length = to - from;
    if (heap.length < length) {
      heap = new byte[Math.max(length, Math.min(1 << 20, 2 * heap.length))];
    }
    page.get(from, heap, 0, length);
    next = 0;
    end = length;
  }

  /** PLAIN: each string follows its length. */
  static final class Plain extends ByteValues {
    @Override
    void start(ByteBuffer page, int from, int to, int rows) {
      copy(page, from, to);
    }

    @Override
    int bytes(ByteStrings into, int count) {
      into.bytes = heap;
      for (int i = 0; i < count; i++) {
        if (end - next < Integer.BYTES) {
          throw tooShort();
        }
        int length =
            (heap[next] & 0xFF)
                | (heap[next + 1] & 0xFF) << 8
                | (heap[next + 2] & 0xFF) << 16
                | heap[next + 3] << 24;
        next += Integer.BYTES;
        if (length < 0 || length > end - next) {
          throw new CorruptPage(
              "a string of " + length + " bytes where " + (end - next) + " are left");
        }
        into.offsets[i] = next;
        into.lengths[i] = length;
        next += length;
      }
      return count;
    }
  }

  /** PLAIN: strings of one length. */
  static final class Fixed extends ByteValues {
    private final int length;

    Fixed(int length) {
      this.length = length;
    }

    @Override
    void start(ByteBuffer page, int from, int to, int rows) {
      copy(page, from, to);
    }

    @Override
    int bytes(ByteStrings into, int count) {
      if ((long) count * length > end - next) {
        throw tooShort();
      }
      into.bytes = heap;
      for (int i = 0; i < count; i++) {
        into.offsets[i] = next;
        into.lengths[i] = length;
        next += length;
      }
      return count;
    }
  }

  /** DELTA_LENGTH_BYTE_ARRAY: all lengths, then all strings. */
  static final class DeltaLength extends ByteValues {
    private final DeltaNumbers lengths = new DeltaNumbers();
    private final long[] block = new long[BLOCK];

    @Override
    void start(ByteBuffer page, int from, int to, int rows) {
      lengths.start(page, from, to, rows);
      copy(page, lengths.skipAll(), to);
      lengths.start(page, from, to, rows);
    }

    @Override
    int bytes(ByteStrings into, int count) {
      lengths.longs(block, 0, count);
      into.bytes = heap;
      for (int i = 0; i < count; i++) {
        long length = block[i];
        if (length < 0 || length > end - next) {
          throw new CorruptPage(
              "a string of " + length + " bytes where " + (end - next) + " are left");
        }
        into.offsets[i] = next;
        into.lengths[i] = (int) length;
        next += (int) length;
      }
      return count;
    }

    int left() {
      return end - next;
    }
  }
}
