package io.hdl.data.column;

import java.util.Arrays;

/** The rows of one data file that no longer belong to the table. Immutable. */
public final class DeletedRows {
  /** No row is deleted. */
  public static final DeletedRows NONE = new DeletedRows(new long[0]);

  private final long[] positions;

  private DeletedRows(long[] positions) {
    this.positions = positions;
  }

  /** The rows at these positions in the file; copied, in any order. */
  public static DeletedRows at(long... positions) {
    return new DeletedRows(Arrays.stream(positions).sorted().distinct().toArray());
  }

  /** How many rows are deleted. */
  public long count() {
    return positions.length;
  }

  /** How many of the rows from one position to below another are deleted. */
  public int countBetween(long from, long to) {
    return lowerBound(to) - lowerBound(from);
  }

  /**
   * The positions, relative to {@code from}, of those rows from {@code from} to below {@code to}
   * that are left.
   */
  public int[] left(long from, long to) {
    int[] left = new int[Math.toIntExact(to - from) - countBetween(from, to)];
    int next = lowerBound(from);
    int used = 0;
    for (long row = from; row < to; row++) {
      if (next < positions.length && positions[next] == row) {
        next++;
      } else {
        left[used++] = (int) (row - from);
      }
    }
    return left;
  }

  private int lowerBound(long position) {
    int found = Arrays.binarySearch(positions, position);
    return found >= 0 ? found : -found - 1;
  }
}
