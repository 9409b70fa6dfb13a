package io.hdl.data.filter;

import io.hdl.data.column.ColumnVector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Decides a filter row by row. Keeps its memory from batch to batch; belongs to one thread. */
public final class RowMatcher {
  private final BoundNode root;
  private final Scratch scratch = new Scratch();
  private boolean[] passes = new boolean[0];

  RowMatcher(BoundNode root) {
    this.root = root;
  }

  /**
   * Which rows of a batch pass.
   *
   * @param columns the vectors of the filter's columns, in the order of {@link
   *     BoundFilter#columns()}, as values
   * @param rows number of rows
   * @return true where a row passes; valid until the next call, and perhaps longer than the batch
   */
  public boolean[] match(List<ColumnVector> columns, int rows) {
    if (passes.length < rows) {
      passes = new boolean[rows];
    }
    root.match(columns, rows, passes, scratch);
    return passes;
  }

  /** Arrays that are used again. */
  static final class Scratch {
    private final Deque<boolean[]> free = new ArrayDeque<>();

    boolean[] take(int rows) {
      boolean[] array = free.poll();
      return array == null || array.length < rows ? new boolean[rows] : array;
    }

    void giveBack(boolean[] array) {
      free.push(array);
    }
  }
}
