package io.hdl.data.filter;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnBounds;
import io.hdl.data.column.ColumnType;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A filter whose literals are values of a table's column types. Immutable and thread-safe; each
 * thread that decides rows has a {@link RowMatcher} of its own.
 */
public final class BoundFilter {
  /** What is known of all rows of a file together. */
  public enum Outcome {
    /** No row passes. */
    NONE,
    /** Rows may pass or not. */
    SOME,
    /** Every row passes. */
    ALL
  }

  private final List<String> columns;
  private final BoundNode root;

  private BoundFilter(List<String> columns, BoundNode root) {
    this.columns = columns;
    this.root = root;
  }

  /**
   * Binds a filter.
   *
   * @param types the types of all columns that the filter speaks of
   * @param table the table, for the message
   * @throws HdlException with {@link ErrorCode#SCHEMA_MISMATCH} that names every comparison of a
   *     column with a value that its type does not have
   */
  public static BoundFilter of(Filter filter, Map<String, ColumnType> types, String table) {
    List<String> columns = List.copyOf(filter.columns());
    FilterBinder binder = new FilterBinder(columns, types);
    BoundNode root = binder.bind(filter);
    if (!binder.problems().isEmpty()) {
      throw new HdlException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot apply the filter \""
              + filter
              + "\" to "
              + table
              + ": "
              + String.join("; ", binder.problems())
              + ". Compare columns with values of their own types.");
    }
    return new BoundFilter(columns, root);
  }

  /** Names of the columns that it looks at, each once. */
  public List<String> columns() {
    return columns;
  }

  /** Whether every row passes, whatever it holds. */
  public boolean isAll() {
    return outcome(Collections.nCopies(columns.size(), ColumnBounds.UNKNOWN)) == Outcome.ALL;
  }

  /**
   * What the bounds of a file's columns tell; {@link Outcome#NONE} and {@link Outcome#ALL} are
   * certain.
   *
   * @param bounds one per column, in the order of {@link #columns()}
   */
  public Outcome outcome(List<ColumnBounds> bounds) {
    return root.outcome(bounds);
  }

  /** Decides rows, for one thread. */
  public RowMatcher matcher() {
    return new RowMatcher(root);
  }
}
