package io.hdl.data.filter;

import com.google.common.collect.BoundType;
import com.google.common.collect.DiscreteDomain;
import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import io.hdl.data.column.ColumnBounds;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;

/** What {@link ColumnVector.Longs} holds: booleans, integers, dates and timestamps. */
final class LongDomain implements ValueDomain<Long> {
  private static final BigDecimal MIN = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private final ColumnType type;

  LongDomain(ColumnType type) {
    this.type = type;
  }

  @Override
  public Place<Long> place(Literal literal) {
    BigDecimal number = LiteralTypes.number(literal, type);
    if (number.compareTo(MIN) < 0) {
      return Place.belowAll();
    }
    if (number.compareTo(MAX) > 0) {
      return Place.above(Long.MAX_VALUE);
    }
    BigDecimal floor = LiteralTypes.floor(number);
    return new Place<>(Optional.of(floor.longValueExact()), floor.compareTo(number) == 0);
  }

  @Override
  public ImmutableRangeSet<Long> set(Optional<Range<Long>> range) {
    return canonical(range);
  }

  static ImmutableRangeSet<Long> canonical(Optional<Range<Long>> range) {
    return range
        .map(found -> ImmutableRangeSet.of(found.canonical(DiscreteDomain.longs())))
        .orElse(ImmutableRangeSet.of());
  }

  @Override
  public boolean mayMeet(ImmutableRangeSet<Long> values, ColumnBounds bounds) {
    return values.intersects(possible(bounds));
  }

  @Override
  public boolean holdsAll(ImmutableRangeSet<Long> values, ColumnBounds bounds) {
    return values.encloses(possible(bounds));
  }

  private static Range<Long> possible(ColumnBounds bounds) {
    return Bounds.range(bounds, bound -> (Long) bound).canonical(DiscreteDomain.longs());
  }

  @Override
  public RowTest test(ImmutableRangeSet<Long> values, boolean nulls) {
    Intervals intervals = Intervals.of(values);
    return (vector, rows, passes) -> {
      ColumnVector.Longs longs = (ColumnVector.Longs) vector;
      for (int row = 0; row < rows; row++) {
        passes[row] = longs.isNull(row) ? nulls : intervals.contains(longs.value(row));
      }
    };
  }

  /** Disjoint closed intervals in ascending order. */
  static final class Intervals {
    private final long[] lows;
    private final long[] highs;

    private Intervals(long[] lows, long[] highs) {
      this.lows = lows;
      this.highs = highs;
    }

    static Intervals of(ImmutableRangeSet<Long> values) {
      int count = values.asRanges().size();
      long[] lows = new long[count];
      long[] highs = new long[count];
      int used = 0;
      for (Range<Long> range : values.asRanges()) {
        long low = range.hasLowerBound() ? range.lowerEndpoint() : Long.MIN_VALUE;
        long high = range.hasUpperBound() ? range.upperEndpoint() : Long.MAX_VALUE;
        if (range.hasUpperBound() && range.upperBoundType() == BoundType.OPEN) {
          if (high == Long.MIN_VALUE) {
            continue;
          }
          high--;
        }
        if (range.hasLowerBound() && range.lowerBoundType() == BoundType.OPEN) {
          if (low == Long.MAX_VALUE) {
            continue;
          }
          low++;
        }
        if (low <= high) {
          lows[used] = low;
          highs[used++] = high;
        }
      }
      return new Intervals(Arrays.copyOf(lows, used), Arrays.copyOf(highs, used));
    }

    boolean contains(long value) {
      if (lows.length == 1) {
        return value >= lows[0] && value <= highs[0];
      }
      int found = Arrays.binarySearch(lows, value);
      if (found >= 0) {
        return true;
      }
      int before = -found - 2;
      return before >= 0 && value <= highs[before];
    }
  }
}
