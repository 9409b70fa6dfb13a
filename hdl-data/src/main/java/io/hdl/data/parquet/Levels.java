package io.hdl.data.parquet;

import java.nio.ByteBuffer;

/**
 * The definition levels of one page, of which all that matters is whether a row has a value: it has
 * if its level is the highest. Belongs to one thread.
 */
final class Levels {
  private final int max;
  private final int width;
  private final Hybrid hybrid = new Hybrid("definition levels");
  private final int[] scratch = new int[Values.BLOCK];
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private boolean oldPacking;
  private int start;
  private int index;
  private int count;

  /** Levels from 0 to the highest one, which a column has as often as it is optional. */
  Levels(int max) {
    this.max = max;
    this.width = Integer.SIZE - Integer.numberOfLeadingZeros(max);
  }

  /** Begins with levels in runs. */
  void startRuns(ByteBuffer buffer, int from, int to) {
    oldPacking = false;
    hybrid.start(buffer, from, to, width);
  }

  /** Begins with levels in the deprecated encoding BIT_PACKED: most significant bit first. */
  void startPacked(ByteBuffer buffer, int from, int rows) {
    oldPacking = true;
    bytes = buffer;
    start = from;
    index = 0;
    count = rows;
  }

  /** Length in bytes of levels in the deprecated encoding. */
  long packedLength(int rows) {
    return ((long) rows * width + 7) / 8;
  }

  /** Whether so many rows from here on are known to have a value each, or {@code false}. */
  boolean allPresent(int rows) {
    return !oldPacking && rows > 0 && hybrid.constant() >= rows && hybrid.value() == max;
  }

  /**
   * Marks the next rows with 1 if they have a value, else with 0.
   *
   * @param rows how many, at most {@link Values#BLOCK}
   * @return how many have a value
   */
  int marks(byte[] into, int rows) {
    if (!oldPacking) {
      return hybrid.marks(into, rows, max, scratch);
    }
    if (rows > count - index) {
      throw Values.tooShort();
    }
    int found = 0;
    for (int row = 0; row < rows; row++) {
      long bit = (long) index++ * width;
      int level = 0;
      for (int b = 0; b < width; b++, bit++) {
        level = level << 1 | (bytes.get(start + (int) (bit >>> 3)) >>> (7 - (bit & 7)) & 1);
      }
      into[row] = (byte) (level == max ? 1 : 0);
      found += into[row];
    }
    return found;
  }
}
