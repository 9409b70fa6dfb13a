package io.hdl.data.filter;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import io.hdl.data.column.ColumnBounds;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.math.BigDecimal;
import java.util.Optional;

/** Decimals, compared exactly: 1.5 equals 1.50. */
final class DecimalDomain implements ValueDomain<BigDecimal> {
  private final ColumnType type;

  DecimalDomain(ColumnType type) {
    this.type = type;
  }

  @Override
  public Place<BigDecimal> place(Literal literal) {
    return Place.on(LiteralTypes.number(literal, type));
  }

  @Override
  public ImmutableRangeSet<BigDecimal> set(Optional<Range<BigDecimal>> range) {
    return range.map(ImmutableRangeSet::of).orElse(ImmutableRangeSet.of());
  }

  @Override
  public boolean mayMeet(ImmutableRangeSet<BigDecimal> values, ColumnBounds bounds) {
    return values.intersects(Bounds.range(bounds, bound -> (BigDecimal) bound));
  }

  @Override
  public boolean holdsAll(ImmutableRangeSet<BigDecimal> values, ColumnBounds bounds) {
    return values.encloses(Bounds.range(bounds, bound -> (BigDecimal) bound));
  }

  @Override
  public RowTest test(ImmutableRangeSet<BigDecimal> values, boolean nulls) {
    return (vector, rows, passes) -> {
      ColumnVector.Decimals decimals = (ColumnVector.Decimals) vector;
      for (int row = 0; row < rows; row++) {
        BigDecimal value = decimals.value(row);
        passes[row] = value == null ? nulls : values.contains(value);
      }
    };
  }
}
