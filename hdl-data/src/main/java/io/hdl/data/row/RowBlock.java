package io.hdl.data.row;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Rows in direct memory, row by row: features, labels and the numbers of the rows. Written by
 * several threads at different places, then read by any number.
 */
final class RowBlock {
  private final int capacity;
  private final int features;
  private final int labels;
  private final ByteBuffer featureMemory;
  private final ByteBuffer labelMemory;
  private final ByteBuffer numbers;
  private int size;

  RowBlock(int capacity, int features, int labels) {
    this.capacity = capacity;
    this.features = features;
    this.labels = labels;
    this.featureMemory = reserve(capacity, features * Float.BYTES);
    this.labelMemory = reserve(capacity, labels * Float.BYTES);
    this.numbers = reserve(capacity, Long.BYTES);
  }

  private static ByteBuffer reserve(int rows, int rowBytes) {
    try {
      return ByteBuffer.allocateDirect(Math.multiplyExact(rows, rowBytes))
          .order(ByteOrder.nativeOrder());
    } catch (ArithmeticException | OutOfMemoryError e) {
      throw new HdlException(
          ErrorCode.OUT_OF_MEMORY,
          "Cannot reserve "
              + (long) rows * rowBytes
              + " bytes of direct memory for "
              + rows
              + " rows (at most 2 GiB). Shuffle fewer rows together (RowSpec.shuffleRows), or start"
              + " the JVM with a larger -XX:MaxDirectMemorySize.",
          e);
    }
  }

  int capacity() {
    return capacity;
  }

  /** Rows that it holds. */
  int size() {
    return size;
  }

  void size(int rows) {
    size = rows;
  }

  void putFeature(int feature, int at, float[] values, int[] chosen, int count) {
    put(featureMemory, features, feature, at, values, chosen, count);
  }

  void putLabel(int label, int at, float[] values, int[] chosen, int count) {
    put(labelMemory, labels, label, at, values, chosen, count);
  }

  private static void put(
      ByteBuffer memory, int width, int column, int at, float[] values, int[] chosen, int count) {
    int position = (at * width + column) * Float.BYTES;
    for (int i = 0; i < count; i++) {
      memory.putFloat(position, values[chosen[i]]);
      position += width * Float.BYTES;
    }
  }

  void putNumbers(int at, long first, int[] chosen, int count) {
    for (int i = 0; i < count; i++) {
      numbers.putLong((at + i) * Long.BYTES, first + chosen[i]);
    }
  }

  /** Copies one row to a batch. */
  void copy(int row, RowBatch into, int at) {
    into.put(
        at,
        featureMemory,
        row * features * Float.BYTES,
        labelMemory,
        row * labels * Float.BYTES,
        numbers.getLong(row * Long.BYTES));
  }
}
