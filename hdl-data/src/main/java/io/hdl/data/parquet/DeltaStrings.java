package io.hdl.data.parquet;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * DELTA_BYTE_ARRAY (Parquet's Encodings.md): each string is a number of bytes of the one before it,
 * followed by bytes of its own.
 */
final class DeltaStrings extends Values {
  private final int fixedLength;
  private final DeltaNumbers prefixes = new DeltaNumbers();
  private final ByteValues.DeltaLength suffixes = new ByteValues.DeltaLength();
  private final ByteStrings own = new ByteStrings();
  private final long[] prefix = new long[BLOCK];
  private byte[] arena = new byte[0];
  private byte[] last = new byte[0];
  private int lastLength;
  private int ready;
  private int used;

  /** Strings of one length, or of any if it is 0. */
  DeltaStrings(int fixedLength) {
    this.fixedLength = fixedLength;
  }

  @Override
  void start(ByteBuffer page, int from, int to, int rows) {
    prefixes.start(page, from, to, rows);
    int count = prefixes.count();
    int suffixStart = prefixes.skipAll();
    prefixes.start(page, from, to, rows);
    suffixes.start(page, suffixStart, to, count);
    lastLength = 0;
    ready = 0;
    used = 0;
  }

  @Override
  int bytes(ByteStrings into, int count) {
    if (used == ready) {
      prefixes.longs(prefix, 0, count);
      ready = suffixes.bytes(own, count);
      used = 0;
    }
    int wanted = Math.min(count, ready - used);
    int taken = 0;
    int size = 0;
    while (taken < wanted) {
      long shared = prefix[used];
      if (shared < 0 || shared > lastLength) {
        throw new CorruptPage(
            "a string shares " + shared + " bytes with one of " + lastLength + " bytes");
      }
      long length = shared + own.lengths[used];
      if (fixedLength > 0 && length != fixedLength) {
        throw new CorruptPage("a string of " + length + " bytes instead of " + fixedLength);
      }
      if (taken > 0 && size + length > ByteValues.MAX_BLOCK_BYTES) {
        break;
      }
      if (size + length > arena.length) {
        arena =
            Arrays.copyOf(
                arena, (int) Math.max(size + length, Math.min(1 << 20, 2L * arena.length)));
      }
      System.arraycopy(last, 0, arena, size, (int) shared);
      System.arraycopy(own.bytes, own.offsets[used], arena, size + (int) shared, own.lengths[used]);
      if (last.length < length) {
        last = new byte[(int) Math.max(length, Math.min(1 << 20, 2L * last.length))];
      }
      System.arraycopy(arena, size, last, 0, (int) length);
      lastLength = (int) length;
      into.offsets[taken] = size;
      into.lengths[taken] = (int) length;
      size += (int) length;
      taken++;
      used++;
    }
    into.bytes = arena;
    return taken;
  }
}
