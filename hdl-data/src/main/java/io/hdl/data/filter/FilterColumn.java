package io.hdl.data.filter;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.Arrays;

/**
 * A column of which a {@link Filter} is made. Values are numbers, {@code String}, {@code Boolean},
 * {@code LocalDate}, {@code Instant} or {@code LocalDateTime}; whether they fit the column's type
 * is found out when a table is opened. Immutable.
 */
public final class FilterColumn {
  private final String name;

  FilterColumn(String name) {
    if (name.isEmpty()) {
      throw new HdlException(ErrorCode.INVALID_ARGUMENT, "column: \"\" (expected: a name)");
    }
    this.name = name;
  }

  /** The value is this one. */
  public Filter equalTo(Object value) {
    return compared(Filter.Operator.EQUAL, value);
  }

  /** The value is another one; a null is not. */
  public Filter notEqualTo(Object value) {
    return compared(Filter.Operator.NOT_EQUAL, value);
  }

  /** The value is less. */
  public Filter lessThan(Object value) {
    return compared(Filter.Operator.LESS, value);
  }

  /** The value is less or equal. */
  public Filter atMost(Object value) {
    return compared(Filter.Operator.AT_MOST, value);
  }

  /** The value is greater. */
  public Filter greaterThan(Object value) {
    return compared(Filter.Operator.GREATER, value);
  }

  /** The value is greater or equal. */
  public Filter atLeast(Object value) {
    return compared(Filter.Operator.AT_LEAST, value);
  }

  /** The value is one of these; at least one has to be given. */
  public Filter in(Object... values) {
    return new Filter.In(name, Arrays.stream(values).map(Literal::of).toList());
  }

  /** The value lies within bounds, both included. */
  public Filter between(Object low, Object high) {
    return new Filter.Between(name, Literal.of(low), Literal.of(high));
  }

  /** There is no value. */
  public Filter isNull() {
    return new Filter.IsNull(name);
  }

  /** There is a value. */
  public Filter isNotNull() {
    return isNull().not();
  }

  private Filter compared(Filter.Operator operator, Object value) {
    return new Filter.Comparison(name, operator, Literal.of(value));
  }
}
