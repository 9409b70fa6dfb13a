package io.hdl.tracking.outbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * How records lie in a file: two marking bytes, the length of kind and payload (4), the CRC-32C of
 * length, kind and payload (4), the kind (1), the payload. Numbers are little-endian. By its mark
 * and checksum a record is found again behind a damaged one.
 */
final class Frames {
  static final int HEADER = 11;

  /** Longer records are taken for damage. */
  static final int LONGEST = 64 << 20;

  private static final short MARK = (short) 0xD7A6;
  private static final int LENGTH_AT = 2;
  private static final int CRC_AT = 6;
  private static final int KIND_AT = 10;

  private Frames() {}

  /** What stands at a place. */
  enum Found {
    /** A whole record. */
    RECORD,
    /** The beginning of a record, perhaps: more bytes are needed to tell. */
    UNFINISHED,
    /** No record. */
    DAMAGE
  }

  /**
   * Fills in the header of a record whose payload was written already.
   *
   * @param start where the record starts; its payload begins {@link #HEADER} bytes later and ends
   *     at the buffer's position
   */
  static void close(ByteBuffer buffer, int start, byte kind) {
    int length = buffer.position() - start - KIND_AT;
    buffer.putShort(start, MARK);
    buffer.putInt(start + LENGTH_AT, length);
    buffer.put(start + KIND_AT, kind);
    buffer.putInt(start + CRC_AT, crc(buffer, start, length));
  }

  /** What stands at an index of a buffer that is filled up to its limit. */
  static Found at(ByteBuffer buffer, int start) {
    int left = buffer.limit() - start;
    if (left < HEADER) {
      return isStart(buffer, start, left) ? Found.UNFINISHED : Found.DAMAGE;
    }
    if (buffer.getShort(start) != MARK) {
      return Found.DAMAGE;
    }
    int length = length(buffer, start);
    if (length < 1 || length > LONGEST) {
      return Found.DAMAGE;
    }
    if (left < KIND_AT + length) {
      return Found.UNFINISHED;
    }
    return crc(buffer, start, length) == buffer.getInt(start + CRC_AT)
        ? Found.RECORD
        : Found.DAMAGE;
  }

  private static boolean isStart(ByteBuffer buffer, int start, int left) {
    return left < 2
        ? left == 0 || buffer.get(start) == (byte) MARK
        : buffer.getShort(start) == MARK;
  }

  /** The whole size of a record. */
  static int size(ByteBuffer buffer, int start) {
    return KIND_AT + length(buffer, start);
  }

  static byte kind(ByteBuffer buffer, int start) {
    return buffer.get(start + KIND_AT);
  }

  private static int length(ByteBuffer buffer, int start) {
    return buffer.getInt(start + LENGTH_AT);
  }

  /** A buffer for records. */
  static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int crc(ByteBuffer buffer, int start, int length) {
    CRC32C crc = new CRC32C();
    int from = buffer.arrayOffset() + start; // all buffers of records are on the heap
    crc.update(buffer.array(), from + LENGTH_AT, CRC_AT - LENGTH_AT);
    crc.update(buffer.array(), from + KIND_AT, length);
    return (int) crc.getValue();
  }
}
