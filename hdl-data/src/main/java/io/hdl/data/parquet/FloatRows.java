package io.hdl.data.parquet;

import java.io.IOException;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Reads rows of a column to where its floats are wanted. Belongs to one thread. */
final class FloatRows {
  private final LaneColumn<float[]> column;
  private final float[] block = new float[Values.BLOCK];

  FloatRows(LaneColumn<float[]> column) {
    this.column = column;
  }

  /**
   * Reads the next rows.
   *
   * @param left which of them to keep, ascending; null for all
   * @return how many were kept
   */
  int read(int rows, int @Nullable [] left, FloatBuffer into, int at) throws IOException {
    int place = at;
    int next = 0;
    int done = 0;
    while (done < rows) {
      int some = left == null ? direct(rows - done, into, place) : 0;
      if (some > 0) {
        place += some;
      } else {
        some = Math.min(Values.BLOCK, rows - done);
        column.read(block, 0, some, null);
        int kept = some;
        if (left != null) {
          kept = 0;
          while (next < left.length && left[next] < done + some) {
            block[kept++] = block[left[next++] - done];
          }
        }
        into.put(place, block, 0, kept);
        place += kept;
      }
      done += some;
    }
    return place - at;
  }

  /** Copies floats that the page holds as they are; gives how many rows that were. */
  private int direct(int rows, FloatBuffer into, int at) throws IOException {
    int some = Math.min(rows, column.rowsInPage());
    if (column.pages().allPresent()
        && column.isIdentity()
        && column.pageValues() instanceof PlainValues.Floats floats) {
      floats.floats(into, at, some);
      column.pages().pass(some, some);
      return some;
    }
    return 0;
  }
}
