package io.hdl.data.delta;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Row numbers out of a serialized deletion vector (Delta protocol, "Deletion Vector Format":
 * Roaring bitmaps in their portable form, one for each upper half of a number). Takes no more
 * memory than the rows that are expected, whatever the bytes say.
 */
final class RoaringRows {
  private static final int MAGIC = 1681511377;
  private static final int COOKIE_WITHOUT_RUNS = 12346;
  private static final int COOKIE_WITH_RUNS = 12347;
  private static final int OFFSETS_FROM = 4;
  private static final int MAX_IN_ARRAY = 4096;
  private static final int BITMAP_LONGS = 1024;

  private final ByteBuffer bytes;
  private final long[] rows;
  private int used;

  private RoaringRows(ByteBuffer bytes, int expected) {
    this.bytes = bytes;
    this.rows = new long[expected];
  }

  /**
   * The row numbers, ascending.
   *
   * @param expected how many there have to be
   * @throws IllegalArgumentException if the bytes are no such bitmap, or hold another number of
   *     rows
   */
  static long[] read(byte[] serialized, int expected) {
    // A row takes no space in a run, but no bitmap holds more than 2^16 rows in a few bytes.
    if (expected < 0 || (long) expected > (serialized.length + 1L) << 16) {
      throw new IllegalArgumentException(
          "the log says " + expected + " rows, its " + serialized.length + " bytes hold fewer");
    }
    RoaringRows reader =
        new RoaringRows(ByteBuffer.wrap(serialized).order(ByteOrder.LITTLE_ENDIAN), expected);
    try {
      reader.read();
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("it is cut short", e);
    }
    if (reader.used != expected) {
      throw new IllegalArgumentException(
          "it holds " + reader.used + " rows, the log says " + expected);
    }
    return reader.rows;
  }

  private void read() {
    int magic = bytes.getInt();
    if (magic != MAGIC) {
      throw new IllegalArgumentException("its format, " + magic + ", is not known");
    }
    long bitmaps = bytes.getLong();
    long previous = -1;
    for (long i = 0; i < bitmaps; i++) {
      long key = bytes.getInt();
      if (key <= previous) {
        throw new IllegalArgumentException("its parts are out of order");
      }
      previous = key;
      readBitmap(key << 32);
    }
  }

  private void readBitmap(long high) {
    int cookie = bytes.getInt();
    boolean runs = (cookie & 0xFFFF) == COOKIE_WITH_RUNS;
    if (!runs && cookie != COOKIE_WITHOUT_RUNS) {
      throw new IllegalArgumentException("a part of it is no bitmap");
    }
    int containers = runs ? (cookie >>> 16) + 1 : bytes.getInt();
    if (containers < 0 || containers > 1 << 16) {
      throw new IllegalArgumentException("a part of it is no bitmap");
    }
    byte[] isRun = new byte[runs ? (containers + 7) / 8 : 0];
    bytes.get(isRun);
    int[] keys = new int[containers];
    int[] counts = new int[containers];
    for (int c = 0; c < containers; c++) {
      keys[c] = unsigned();
      counts[c] = unsigned() + 1;
    }
    if (!runs || containers >= OFFSETS_FROM) {
      skip(containers * Integer.BYTES);
    }
    for (int c = 0; c < containers; c++) {
      long base = high | (long) keys[c] << 16;
      if (runs && (isRun[c >> 3] & 1 << (c & 7)) != 0) {
        readRuns(base);
      } else if (counts[c] <= MAX_IN_ARRAY) {
        for (int i = 0; i < counts[c]; i++) {
          add(base | unsigned());
        }
      } else {
        readBits(base);
      }
    }
  }

  private void readRuns(long base) {
    int runs = unsigned();
    for (int r = 0; r < runs; r++) {
      int start = unsigned();
      int more = unsigned();
      for (int i = 0; i <= more; i++) {
        add(base + start + i);
      }
    }
  }

  private void readBits(long base) {
    for (int word = 0; word < BITMAP_LONGS; word++) {
      long bits = bytes.getLong();
      while (bits != 0) {
        add(base + word * 64L + Long.numberOfTrailingZeros(bits));
        bits &= bits - 1;
      }
    }
  }

  private void add(long row) {
    if (used == rows.length) {
      throw new IllegalArgumentException("it holds more rows than the log says, " + used);
    }
    if (used > 0 && rows[used - 1] >= row) {
      throw new IllegalArgumentException("its rows are out of order");
    }
    rows[used++] = row;
  }

  private int unsigned() {
    return bytes.getShort() & 0xFFFF;
  }

  private void skip(int count) {
    if (count > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    bytes.position(bytes.position() + count);
  }

  @Override
  public String toString() {
    return Arrays.toString(rows);
  }
}
