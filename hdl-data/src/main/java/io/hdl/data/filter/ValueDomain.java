package io.hdl.data.filter;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import io.hdl.data.column.ColumnBounds;
import io.hdl.data.column.ColumnType;
import java.util.Optional;

/**
 * The values of one column type in their order: what a literal means among them, and how vectors of
 * them are tested.
 *
 * @param <C> what a value is compared as
 */
interface ValueDomain<C extends Comparable<?>> {
  /**
   * Where a literal stands among the values: right on one, between two, or beyond all.
   *
   * @param floor the largest value that is not above the literal, or empty if every value is above
   * @param exact whether the floor is the literal itself
   */
  record Place<C extends Comparable<?>>(Optional<C> floor, boolean exact) {
    static <C extends Comparable<?>> Place<C> on(C value) {
      return new Place<>(Optional.of(value), true);
    }

    static <C extends Comparable<?>> Place<C> above(C value) {
      return new Place<>(Optional.of(value), false);
    }

    static <C extends Comparable<?>> Place<C> belowAll() {
      return new Place<>(Optional.empty(), false);
    }

    Optional<Range<C>> equal() {
      return exact ? floor.map(Range::singleton) : Optional.empty();
    }

    Optional<Range<C>> less() {
      return exact ? floor.map(Range::lessThan) : atMost();
    }

    Optional<Range<C>> atMost() {
      return floor.map(Range::atMost);
    }
  }

  /** Tests the values of a vector. */
  interface RowTest {
    /** Sets true where a row's value passes. */
    void test(io.hdl.data.column.ColumnVector vector, int rows, boolean[] passes);
  }

  /**
   * Finds a literal's place.
   *
   * @throws IllegalArgumentException if the literal cannot be compared with such values
   */
  Place<C> place(Literal literal);

  /** A set with these ranges, brought to one form. */
  ImmutableRangeSet<C> set(Optional<Range<C>> range);

  /** Whether any value within the bounds may be in a set. */
  boolean mayMeet(ImmutableRangeSet<C> values, ColumnBounds bounds);

  /** Whether every value within the bounds is in a set. */
  boolean holdsAll(ImmutableRangeSet<C> values, ColumnBounds bounds);

  /** A test for values of a set, and for nulls if they pass. */
  RowTest test(ImmutableRangeSet<C> values, boolean nulls);

  /** The domain of a type's values. */
  static Optional<ValueDomain<?>> of(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN, BYTE, SHORT, INTEGER, LONG, DATE, TIMESTAMP, TIMESTAMP_NTZ ->
          Optional.of(new LongDomain(type));
      case FLOAT, DOUBLE -> Optional.of(new FloatingDomain(type));
      case DECIMAL -> Optional.of(new DecimalDomain(type));
      case STRING -> Optional.of(new TextDomain(type));
      case BINARY -> Optional.of(new OpaqueDomain());
      case STRUCT, OTHER -> Optional.empty();
    };
  }
}
