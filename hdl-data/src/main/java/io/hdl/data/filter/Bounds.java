package io.hdl.data.filter;

import com.google.common.collect.Range;
import io.hdl.data.column.ColumnBounds;
import java.util.function.Function;

/** What is known of a column's values as a range. */
final class Bounds {
  private Bounds() {}

  static <C extends Comparable<? super C>> Range<C> range(
      ColumnBounds bounds, Function<Object, C> value) {
    if (bounds.min().isPresent() && bounds.max().isPresent()) {
      C min = value.apply(bounds.min().get());
      C max = value.apply(bounds.max().get());
      // Bounds that cross are worth nothing.
      return min.compareTo(max) <= 0 ? Range.closed(min, max) : Range.all();
    }
    if (bounds.min().isPresent()) {
      return Range.atLeast(value.apply(bounds.min().get()));
    }
    return bounds.max().map(max -> Range.atMost(value.apply(max))).orElse(Range.all());
  }
}
