package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/**
 * What a store knows of each series beside its values, in one buffer: first step, place of the
 * values, length, end of the target, checksum, constants, key. Thread-safe for reading.
 */
final class StoreIndex {
  private static final int FIXED_BYTES = 3 * Long.BYTES + 3 * Integer.BYTES;

  private final ByteBuffer memory;
  private final int count;
  private final int constants;
  private final LongBuffer firstSteps;
  private final LongBuffer addresses;
  private final LongBuffer keyEnds;
  private final IntBuffer lengths;
  private final IntBuffer targetEnds;
  private final IntBuffer checksums;
  private final IntBuffer constantBits;
  private final ByteBuffer keys;

  /**
   * Reads or fills a buffer of {@link #bytes} bytes.
   *
   * @param memory in native byte order
   */
  StoreIndex(ByteBuffer memory, int count, int constants) {
    this.memory = memory;
    this.count = count;
    this.constants = constants;
    int at = 0;
    firstSteps = part(at, count * Long.BYTES).asLongBuffer();
    at += count * Long.BYTES;
    addresses = part(at, count * Long.BYTES).asLongBuffer();
    at += count * Long.BYTES;
    keyEnds = part(at, count * Long.BYTES).asLongBuffer();
    at += count * Long.BYTES;
    lengths = part(at, count * Integer.BYTES).asIntBuffer();
    at += count * Integer.BYTES;
    targetEnds = part(at, count * Integer.BYTES).asIntBuffer();
    at += count * Integer.BYTES;
    checksums = part(at, count * Integer.BYTES).asIntBuffer();
    at += count * Integer.BYTES;
    constantBits = part(at, count * constants * Integer.BYTES).asIntBuffer();
    at += count * constants * Integer.BYTES;
    keys = part(at, memory.capacity() - at);
  }

  private ByteBuffer part(int at, int bytes) {
    return memory.slice(at, bytes).order(ByteOrder.nativeOrder());
  }

  /**
   * Size of an index.
   *
   * @throws HdlException with {@link ErrorCode#OUT_OF_MEMORY} if it goes beyond 2 GiB
   */
  static int bytes(int count, int constants, long keyBytes) {
    long bytes = (long) count * (FIXED_BYTES + (long) constants * Float.BYTES) + keyBytes;
    // A multiple of eight, for what follows it in a file.
    bytes = bytes + 7 & -8L;
    if (bytes > Integer.MAX_VALUE - 7) {
      throw new HdlException(
          ErrorCode.OUT_OF_MEMORY,
          "Cannot hold "
              + count
              + " series: their keys and constants would take "
              + bytes
              + " bytes, more than 2 GiB. Filter the table, or use fewer constants.");
    }
    return (int) bytes;
  }

  int count() {
    return count;
  }

  int constants() {
    return constants;
  }

  /** The whole index. */
  ByteBuffer memory() {
    return memory;
  }

  long firstStep(int series) {
    return firstSteps.get(series);
  }

  /** Number of the segment in the upper half, position in it in the lower. */
  long address(int series) {
    return addresses.get(series);
  }

  int length(int series) {
    return lengths.get(series);
  }

  int targetEnd(int series) {
    return targetEnds.get(series);
  }

  int checksum(int series) {
    return checksums.get(series);
  }

  float constant(int series, int constant) {
    return Float.intBitsToFloat(constantBits.get(series * constants + constant));
  }

  /** Where the constants begin in the memory. */
  int constantsAt() {
    return count * FIXED_BYTES;
  }

  /** The bits of all constants, [series][constant]. */
  IntBuffer constantBits() {
    return constantBits;
  }

  byte[] key(int series) {
    long from = series == 0 ? 0 : keyEnds.get(series - 1);
    byte[] key = new byte[(int) (keyEnds.get(series) - from)];
    keys.get((int) from, key);
    return key;
  }

  /** Compares a series' key with another, byte by byte. */
  int compareKey(int series, byte[] other, int length) {
    int from = series == 0 ? 0 : (int) keyEnds.get(series - 1);
    int own = (int) keyEnds.get(series) - from;
    for (int i = 0; i < Math.min(own, length); i++) {
      int difference = (keys.get(from + i) & 0xFF) - (other[i] & 0xFF);
      if (difference != 0) {
        return difference;
      }
    }
    return own - length;
  }

  /** Writes what is known before the values are; keys are given in order, from the first. */
  void put(int series, long firstStep, int length, long address, byte[] key) {
    long from = series == 0 ? 0 : keyEnds.get(series - 1);
    firstSteps.put(series, firstStep);
    lengths.put(series, length);
    addresses.put(series, address);
    keyEnds.put(series, from + key.length);
    keys.put((int) from, key);
  }

  void putTargetEnd(int series, int targetEnd) {
    targetEnds.put(series, targetEnd);
  }

  void putChecksum(int series, int checksum) {
    checksums.put(series, checksum);
  }
}
