package io.hdl.data.row;

import io.hdl.data.feed.Permutation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A batch of rows in direct buffers of native byte order, which are used again for later batches.
 * NaN where a feature is missing; labels are never missing. Belongs to the thread that holds its
 * lease.
 */
public final class RowBatch {
  private final int features;
  private final int labels;
  private final ByteBuffer featureMemory;
  private final ByteBuffer labelMemory;
  private final long[] numbers;
  private final long[] places;
  private final Permutation.Workspace workspace = new Permutation.Workspace();
  private int size;

  RowBatch(int capacity, int features, int labels) {
    this.features = features;
    this.labels = labels;
    this.featureMemory = buffer(capacity, features);
    this.labelMemory = buffer(capacity, labels);
    this.numbers = new long[capacity];
    this.places = new long[capacity];
  }

  private static ByteBuffer buffer(int rows, int width) {
    long bytes = (long) rows * width * Float.BYTES;
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "batch: " + bytes + " bytes (expected: at most 2 GiB; use a smaller batch)");
    }
    return ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
  }

  /** Number of rows that it holds. */
  public int size() {
    return size;
  }

  /** The features, {@code [size, features]}: a view of the batch's memory. */
  public FloatBuffer features() {
    return featureBytes().asFloatBuffer();
  }

  /** {@link #features()} as bytes. */
  public ByteBuffer featureBytes() {
    return view(featureMemory, features);
  }

  /** The labels, {@code [size, labels]}: a view of the batch's memory. */
  public FloatBuffer labels() {
    return labelBytes().asFloatBuffer();
  }

  /** {@link #labels()} as bytes. */
  public ByteBuffer labelBytes() {
    return view(labelMemory, labels);
  }

  private ByteBuffer view(ByteBuffer memory, int width) {
    return memory.slice(0, size * width * Float.BYTES).order(ByteOrder.nativeOrder());
  }

  /**
   * Number of a row among the rows that the source reads of this version of the table, in the order
   * of its files' names, from 0: the same whenever this version is opened with the same filter.
   */
  public long rowNumber(int i) {
    if (i < 0 || i >= size) {
      throw new IndexOutOfBoundsException("row " + i + " of " + size);
    }
    return numbers[i];
  }

  void size(int rows) {
    size = rows;
  }

  long[] places() {
    return places;
  }

  Permutation.Workspace workspace() {
    return workspace;
  }

  void put(
      int at, ByteBuffer ofFeatures, int featureAt, ByteBuffer ofLabels, int labelAt, long number) {
    featureMemory.put(at * features * Float.BYTES, ofFeatures, featureAt, features * Float.BYTES);
    for (int i = 0; i < labels; i++) {
      labelMemory.putFloat(
          (at * labels + i) * Float.BYTES, ofLabels.getFloat(labelAt + i * Float.BYTES));
    }
    numbers[at] = number;
  }
}
