package io.hdl.data.filter;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import io.hdl.data.column.ColumnBounds;
import io.hdl.data.column.ColumnType;
import java.util.Optional;

/** Bytes, of which can only be asked whether there are any. */
final class OpaqueDomain implements ValueDomain<Long> {
  @Override
  public Place<Long> place(Literal literal) {
    throw LiteralTypes.mismatch(literal, ColumnType.BINARY);
  }

  @Override
  public ImmutableRangeSet<Long> set(Optional<Range<Long>> range) {
    return LongDomain.canonical(range);
  }

  @Override
  public boolean mayMeet(ImmutableRangeSet<Long> values, ColumnBounds bounds) {
    return !values.isEmpty();
  }

  @Override
  public boolean holdsAll(ImmutableRangeSet<Long> values, ColumnBounds bounds) {
    return !values.isEmpty();
  }

  @Override
  public RowTest test(ImmutableRangeSet<Long> values, boolean nulls) {
    boolean anything = !values.isEmpty();
    return (vector, rows, passes) -> {
      for (int row = 0; row < rows; row++) {
        passes[row] = vector.isNull(row) ? nulls : anything;
      }
    };
  }
}
