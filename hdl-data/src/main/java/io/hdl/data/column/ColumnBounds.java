package io.hdl.data.column;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of one column in one data file without reading it. Bounds hold all values, but need
 * not be reached by one; a bound that is not known is left open. NaN is never bounded: it may occur
 * whatever the bounds of a float or double say.
 *
 * @param rows rows of the file, deleted ones included, if known
 * @param nulls how many of them are null, if known exactly
 * @param min no value is smaller: a {@code Long} for what {@link ColumnVector.Longs} holds, a
 *     {@code Double} for floats and doubles, a {@code BigDecimal} or a {@code String}
 * @param max no value is larger; of the same class
 */
public record ColumnBounds(
    OptionalLong rows, OptionalLong nulls, Optional<Object> min, Optional<Object> max) {
  /** Nothing is known. */
  public static final ColumnBounds UNKNOWN =
      new ColumnBounds(
          OptionalLong.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());

  /** Whether no value is null for certain. */
  public boolean withoutNulls() {
    return nulls.isPresent() && nulls.getAsLong() == 0;
  }

  /** Whether every value is null for certain. */
  public boolean onlyNulls() {
    return nulls.isPresent() && rows.isPresent() && nulls.getAsLong() >= rows.getAsLong();
  }
}
