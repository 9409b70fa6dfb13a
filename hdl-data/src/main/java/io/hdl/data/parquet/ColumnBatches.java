package io.hdl.data.parquet;

import io.hdl.data.column.ColumnVector;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a column batch after batch into memory that it uses again for each. Belongs to one thread,
 * which closes it.
 */
final class ColumnBatches extends VectorReader {
  /** Makes a vector of arrays that hold a batch. */
  interface Wrapping<A> {
    ColumnVector of(A values, boolean @Nullable [] nulls, int size);
  }

  /** Finds where pages lie. */
  interface Indexing {
    PageIndex index() throws IOException;
  }

  /** Reads rows into memory and makes a vector of them. */
  private interface Reading {
    ColumnVector read(int rows, int @Nullable [] left) throws IOException;
  }

  private final PagedColumn<?> column;
  private final Reading reading;
  private final @Nullable ByteBuffer memory;

  private ColumnBatches(PagedColumn<?> column, Reading reading, @Nullable ByteBuffer memory) {
    this.column = column;
    this.reading = reading;
    this.memory = memory;
  }

  static ColumnBatches longs(LaneColumn<long[]> column, int maxRows) {
    return of(column, maxRows, ColumnVector.Longs::new);
  }

  static ColumnBatches doubles(LaneColumn<double[]> column, int maxRows) {
    return of(column, maxRows, ColumnVector.Doubles::new);
  }

  static ColumnBatches decimals(LaneColumn<BigDecimal[]> column, int maxRows) {
    return of(column, maxRows, (values, nulls, size) -> new ColumnVector.Decimals(values, size));
  }

  static ColumnBatches binaries(LaneColumn<byte[][]> column, int maxRows) {
    return of(column, maxRows, (values, nulls, size) -> new ColumnVector.Binaries(values, size));
  }

  static ColumnBatches texts(TextColumn column, int maxRows) {
    return of(
        column,
        maxRows,
        (numbers, nulls, size) -> {
          var dictionary = column.codes(numbers, size);
          return new ColumnVector.Texts(numbers, dictionary, size);
        });
  }

  static ColumnBatches floats(LaneColumn<float[]> column, int maxRows) {
    ByteBuffer memory = Memory.take(maxRows * Float.BYTES);
    FloatBuffer floats = memory.duplicate().order(java.nio.ByteOrder.nativeOrder()).asFloatBuffer();
    FloatRows rows = new FloatRows(column);
    return new ColumnBatches(
        column,
        (count, left) -> {
          int size = rows.read(count, left, floats, 0);
          return new ColumnVector.Floats(floats.slice(0, size));
        },
        memory);
  }

  private static <A> ColumnBatches of(PagedColumn<A> column, int maxRows, Wrapping<A> wrapping) {
    A values = column.lanes().make(maxRows);
    boolean[] nulls = new boolean[maxRows];
    return new ColumnBatches(
        column,
        (rows, left) -> {
          Arrays.fill(nulls, 0, rows, false);
          boolean anyNull = column.read(values, 0, rows, nulls);
          int size = rows;
          if (left != null) {
            size = left.length;
            column.lanes().keep(values, left, size);
            for (int i = 0; i < size; i++) {
              nulls[i] = nulls[left[i]];
            }
          }
          return wrapping.of(values, anyNull ? nulls : null, size);
        },
        null);
  }

  @Override
  ColumnVector read(int rows, int @Nullable [] left) {
    try {
      return reading.read(rows, left);
    } catch (IOException | RuntimeException e) {
      throw column.pages().chunk().failed(e);
    }
  }

  /** Goes to a row; asks for the index of pages if it is not the first. */
  ColumnBatches at(long row, Indexing indexing) {
    try {
      if (row > 0) {
        column.seek(row, indexing.index());
      }
      return this;
    } catch (IOException | RuntimeException e) {
      close();
      throw column.pages().chunk().failed(e);
    }
  }

  @Override
  void finish() {
    try {
      column.pages().finish();
    } catch (IOException | RuntimeException e) {
      throw column.pages().chunk().failed(e);
    }
  }

  @Override
  public void close() {
    column.close();
    if (memory != null) {
      Memory.give(memory);
    }
  }
}
