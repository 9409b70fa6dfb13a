package io.hdl.data.parquet;

import java.nio.ByteBuffer;

/** DELTA_BINARY_PACKED integers of 32 or 64 bits. */
final class DeltaValues extends Values {
  private final DeltaNumbers numbers = new DeltaNumbers();
  private final long[] block = new long[BLOCK];

  @Override
  void start(ByteBuffer page, int from, int to, int rows) {
    numbers.start(page, from, to, rows);
  }

  @Override
  void longs(long[] into, int at, int count) {
    numbers.longs(into, at, count);
  }

  @Override
  void ints(int[] into, int at, int count) {
    numbers.longs(block, 0, count);
    for (int i = 0; i < count; i++) {
      into[at + i] = (int) block[i];
    }
  }
}
