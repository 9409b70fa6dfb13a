package io.hdl.data.scan;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.filter.Filter;
import java.util.List;

/**
 * What a reader expects of a table: columns, their types, nulls and values. Further columns of the
 * table are of no account. A value; immutable.
 *
 * <pre>{@code
 * ExpectedSchema sales = ExpectedSchema.of(
 *     ExpectedSchema.column("store", ColumnType.INTEGER).required(),
 *     ExpectedSchema.column("brand", ColumnType.STRING).oneOf("a", "b"),
 *     ExpectedSchema.column("price", ColumnType.DOUBLE).between(0, 1e6));
 * }</pre>
 *
 * <p>A type is as expected if it is the same or one that Delta's type widening makes of it: an
 * expected integer may be a long, because hdl reads both alike; {@link ExpectedColumn#exactly()}
 * refuses that. Nulls and values are looked at in the rows that are read: those that deletion
 * vectors or a filter take out do not count.
 *
 * <p>Names and types are compared with the snapshot, and nulls and values with partition values,
 * declared constraints ({@code NOT NULL}) and file statistics, before any byte of a data file is
 * read; all deviations found come in one error. What these cannot decide (a column without
 * statistics, a file of which only some rows are read, bounds beyond the allowed values that no row
 * may reach) is looked at row by row in the scan's first read, which then decodes the columns in
 * question even if they were not asked for and fails at the first row that deviates.
 */
public final class ExpectedSchema {
  private static final ExpectedSchema NOTHING = new ExpectedSchema(List.of());

  private final List<ExpectedColumn> columns;

  private ExpectedSchema(List<ExpectedColumn> columns) {
    this.columns = List.copyOf(columns);
  }

  /** Nothing is expected. */
  public static ExpectedSchema nothing() {
    return NOTHING;
  }

  /** These columns. */
  public static ExpectedSchema of(ExpectedColumn... columns) {
    return new ExpectedSchema(List.of(columns));
  }

  /**
   * A column.
   *
   * @param name its name in the table; a leaf of a struct by its path, {@code price.net}
   * @param type its type, or a narrower one
   */
  public static ExpectedColumn column(String name, ColumnType type) {
    return ExpectedColumn.of(name, type);
  }

  /** The columns, in the order in which they were given. */
  public List<ExpectedColumn> columns() {
    return columns;
  }

  /**
   * Compares a snapshot with what is expected, as far as its log tells. Opening a scan does so,
   * too.
   *
   * @param filter the rows that will be read
   * @throws HdlException that lists all deviations; with {@link ErrorCode#SCHEMA_MISMATCH} if a
   *     column is missing or has another type, with {@link ErrorCode#INVALID_DATA} if only nulls or
   *     values deviate
   */
  public void check(TableSnapshot snapshot, Filter filter) {
    SchemaChecks.of(this, snapshot, FilePruning.of(snapshot, filter));
  }

  @Override
  public String toString() {
    return columns.toString();
  }
}
