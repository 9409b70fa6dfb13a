package io.hdl.data.scan;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns of 32-bit floats [column][row] in direct memory, in native byte order. Whoever allocates
 * or receives it closes it. Filling and reading it at the same time is the caller's to order.
 */
public final class FloatColumns implements AutoCloseable {
  /** How many rows a column can have: the largest direct buffer, 2 GiB, holds that many. */
  public static final long MAX_ROWS = (1L << 29) - 1;

  private final int rows;
  private final int columns;
  private List<FloatBuffer> memory;

  private FloatColumns(int rows, List<FloatBuffer> memory) {
    this.rows = rows;
    this.columns = memory.size();
    this.memory = memory;
  }

  /**
   * Reserves memory, all zeros.
   *
   * @throws HdlException with {@link ErrorCode#OUT_OF_MEMORY} if there are more than {@link
   *     #MAX_ROWS} rows or if the JVM's limit on direct memory is reached
   */
  public static FloatColumns allocate(long rows, int columns) {
    if (rows < 0 || columns < 0) {
      throw new IllegalArgumentException(
          "rows, columns: " + rows + ", " + columns + " (expected: >= 0)");
    }
    if (rows > MAX_ROWS) {
      throw new HdlException(
          ErrorCode.OUT_OF_MEMORY,
          "Cannot hold "
              + rows
              + " rows in one column of memory: it is limited to "
              + MAX_ROWS
              + " rows (2 GiB). Read the table in batches, or fewer of its rows.");
    }
    List<FloatBuffer> memory = new ArrayList<>();
    try {
      for (int c = 0; c < columns; c++) {
        memory.add(
            ByteBuffer.allocateDirect((int) rows * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer());
      }
    } catch (OutOfMemoryError e) {
      throw new HdlException(
          ErrorCode.OUT_OF_MEMORY,
          "Cannot reserve "
              + rows * columns * Float.BYTES
              + " bytes of direct memory for "
              + columns
              + " columns of "
              + rows
              + " rows. Start the JVM with -XX:MaxDirectMemorySize above that, or read fewer"
              + " columns.",
          e);
    }
    return new FloatColumns((int) rows, memory);
  }

  /** Number of values in each column. */
  public int rows() {
    return rows;
  }

  /** Number of columns. */
  public int columns() {
    return columns;
  }

  /**
   * The values of a column, as a view with a position and limit of its own.
   *
   * @param column its number, in the order in which columns were asked for
   * @throws IllegalStateException if the memory was closed
   */
  public FloatBuffer column(int column) {
    if (memory.size() != columns) {
      throw new IllegalStateException("These columns are closed");
    }
    return memory.get(column).duplicate();
  }

  /** Lets go of the memory; it is free once no view of it is left. Idempotent. */
  @Override
  public void close() {
    memory = List.of();
  }
}
