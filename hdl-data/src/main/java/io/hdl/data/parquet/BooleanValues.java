package io.hdl.data.parquet;

import java.nio.ByteBuffer;

/** Booleans: PLAIN, which is one bit each, or in runs. */
final class BooleanValues extends Values {
  private final boolean runs;
  private final Hybrid hybrid = new Hybrid("booleans");
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private int start;
  private int index;
  private int count;

  private BooleanValues(boolean runs) {
    this.runs = runs;
  }

  static BooleanValues plain() {
    return new BooleanValues(false);
  }

  static BooleanValues runs() {
    return new BooleanValues(true);
  }

  @Override
  void start(ByteBuffer page, int from, int to, int rows) {
    if (runs) {
      if (to - from < Integer.BYTES) {
        throw tooShort();
      }
      int length = page.getInt(from);
      if (length < 0 || length > to - from - Integer.BYTES) {
        throw new CorruptPage("booleans of " + length + " bytes in a page of " + (to - from));
      }
      hybrid.start(page, from + Integer.BYTES, from + Integer.BYTES + length, 1);
    } else {
      bytes = page;
      start = from;
      index = 0;
      count = (int) Math.min(Integer.MAX_VALUE, (to - from) * 8L);
    }
  }

  @Override
  void ints(int[] into, int at, int wanted) {
    if (runs) {
      hybrid.ints(into, at, wanted);
      return;
    }
    if (wanted > count - index) {
      throw tooShort();
    }
    BitUnpacking.ints(bytes, start, index, 1, into, at, wanted);
    index += wanted;
  }
}
