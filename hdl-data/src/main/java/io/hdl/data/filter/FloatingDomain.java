package io.hdl.data.filter;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import io.hdl.data.column.ColumnBounds;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * Floats and doubles, compared as longs of the same order: NaN above infinity and equal to itself,
 * -0.0 equal to 0.0.
 */
final class FloatingDomain implements ValueDomain<Long> {
  private static final long NAN = key(Double.NaN);

  private final ColumnType type;

  FloatingDomain(ColumnType type) {
    this.type = type;
  }

  /** A number whose order among longs is that of the value. */
  static long key(double value) {
    long bits = Double.doubleToLongBits(value == 0 ? 0.0 : value);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  @Override
  public Place<Long> place(Literal literal) {
    if (literal instanceof Literal.NotFinite special) {
      return Place.on(key(special.value()));
    }
    BigDecimal number = LiteralTypes.number(literal, type);
    boolean single = type.kind() == ColumnType.Kind.FLOAT;
    double value = single ? number.floatValue() : number.doubleValue();
    if (!Double.isInfinite(value)) {
      return Place.on(key(value));
    }
    // A finite number beyond the type's largest one lies between that and infinity.
    return Place.above(
        key(value < 0 ? Double.NEGATIVE_INFINITY : single ? Float.MAX_VALUE : Double.MAX_VALUE));
  }

  @Override
  public ImmutableRangeSet<Long> set(Optional<Range<Long>> range) {
    return LongDomain.canonical(range);
  }

  @Override
  public boolean mayMeet(ImmutableRangeSet<Long> values, ColumnBounds bounds) {
    return values.contains(NAN) || values.intersects(possible(bounds));
  }

  @Override
  public boolean holdsAll(ImmutableRangeSet<Long> values, ColumnBounds bounds) {
    return values.contains(NAN) && values.encloses(possible(bounds));
  }

  private static Range<Long> possible(ColumnBounds bounds) {
    return Bounds.range(bounds, bound -> key((Double) bound));
  }

  @Override
  public RowTest test(ImmutableRangeSet<Long> values, boolean nulls) {
    LongDomain.Intervals intervals = LongDomain.Intervals.of(values);
    return (vector, rows, passes) -> {
      ColumnVector.Doubles doubles = (ColumnVector.Doubles) vector;
      for (int row = 0; row < rows; row++) {
        passes[row] = doubles.isNull(row) ? nulls : intervals.contains(key(doubles.value(row)));
      }
    };
  }
}
