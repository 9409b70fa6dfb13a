package io.hdl.data.filter;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A condition on the rows of a table. A value: immutable, equal to what has the same parts, and
 * written in one way by {@code toString()}, which {@link #parse} reads back.
 *
 * <pre>{@code
 * Filter recent = Filter.column("store").in(1, 2, 3)
 *     .and(Filter.column("date").atLeast(LocalDate.of(2011, 1, 1)));
 * Filter same = Filter.parse("store in (1, 2, 3) and date >= '2011-01-01'");
 * }</pre>
 *
 * <p>Rules, which are SQL's as Spark has them:
 *
 * <ul>
 *   <li>A comparison with a null is unknown; {@code not} leaves it unknown; only rows for which the
 *       condition is true pass.
 *   <li>NaN equals itself and is larger than any other number; -0.0 equals 0.0.
 *   <li>Texts are compared by their code points, whatever collation a column declares; shorter ones
 *       are padded for a column of type {@code char(n)}.
 *   <li>Numbers are compared exactly with integers and decimals ({@code units = 2.5} is never true
 *       of an integer); for a float or double column the literal is rounded to the column's type
 *       first, so that {@code price = 0.1} finds the float 0.1.
 *   <li>A text stands for a date or timestamp where the column is one; without an offset it is
 *       taken as UTC.
 * </ul>
 */
public sealed interface Filter {
  /** How two values are compared. */
  enum Operator {
    /** Equal. */
    EQUAL("="),
    /** Not equal. */
    NOT_EQUAL("!="),
    /** Less. */
    LESS("<"),
    /** Less or equal. */
    AT_MOST("<="),
    /** Greater. */
    GREATER(">"),
    /** Greater or equal. */
    AT_LEAST(">=");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    @Override
    public String toString() {
      return sign;
    }
  }

  /** Every row. */
  record All() implements Filter {
    @Override
    public String toString() {
      return "true";
    }
  }

  /** A column compared with a value. */
  record Comparison(String column, Operator operator, Literal value) implements Filter {
    @Override
    public String toString() {
      return FilterText.name(column) + " " + operator + " " + value;
    }
  }

  /** A column equal to one of some values. */
  record In(String column, List<Literal> values) implements Filter {
    /** Copies the values. */
    public In {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT,
            "values for \"" + column + "\": none (expected: at least 1)");
      }
    }

    @Override
    public String toString() {
      return FilterText.name(column) + " in " + FilterText.list(values);
    }
  }

  /** A column within bounds, both included. */
  record Between(String column, Literal low, Literal high) implements Filter {
    @Override
    public String toString() {
      return FilterText.name(column) + " between " + low + " and " + high;
    }
  }

  /** A column without a value. */
  record IsNull(String column) implements Filter {
    @Override
    public String toString() {
      return FilterText.name(column) + " is null";
    }
  }

  /** All conditions at once. */
  record And(List<Filter> parts) implements Filter {
    /** Copies the parts. */
    public And {
      parts = List.copyOf(parts);
    }

    @Override
    public String toString() {
      return parts.stream()
          .map(part -> part instanceof Or ? "(" + part + ")" : part.toString())
          .collect(Collectors.joining(" and "));
    }
  }

  /** At least one of the conditions. */
  record Or(List<Filter> parts) implements Filter {
    /** Copies the parts. */
    public Or {
      parts = List.copyOf(parts);
    }

    @Override
    public String toString() {
      return parts.stream().map(Filter::toString).collect(Collectors.joining(" or "));
    }
  }

  /** The condition is false. */
  record Not(Filter part) implements Filter {
    @Override
    public String toString() {
      return FilterText.negated(part);
    }
  }

  /** Every row passes. */
  static Filter all() {
    return new All();
  }

  /**
   * A condition on one column.
   *
   * @param name its name in the table; a leaf of a struct by its path, {@code price.net}
   */
  static FilterColumn column(String name) {
    return new FilterColumn(name);
  }

  /**
   * The condition in a text: {@code store in (1, 2) and not (date < '2011-01-01' or brand is
   * null)}. Comparisons are {@code =}, {@code !=} or {@code <>}, {@code <}, {@code <=}, {@code >},
   * {@code >=}, {@code in (...)}, {@code not in (...)}, {@code between ... and ...}, {@code is
   * null}, {@code is not null}; they are joined by {@code and}, {@code or}, {@code not} and
   * parentheses. A column whose name is not made of letters, digits, underscores and points stands
   * in backticks. Values are numbers ({@code nan} and {@code infinity}, too), texts in single
   * quotes (doubled inside), {@code true}, {@code false}, and {@code date '2011-01-01'}, {@code
   * timestamp '2011-01-01T00:00:00Z'} where the type shall be fixed already. An empty text and
   * {@code true} are every row.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} that names the place
   */
  static Filter parse(String text) {
    return new FilterParser(text).parse();
  }

  /** Both this condition and another one. */
  default Filter and(Filter other) {
    if (this instanceof All) {
      return other;
    }
    if (other instanceof All) {
      return this;
    }
    List<Filter> parts = new ArrayList<>();
    for (Filter filter : List.of(this, other)) {
      if (filter instanceof And and) {
        parts.addAll(and.parts());
      } else {
        parts.add(filter);
      }
    }
    return new And(parts);
  }

  /** This condition, another one, or both. */
  default Filter or(Filter other) {
    if (this instanceof All || other instanceof All) {
      return all();
    }
    List<Filter> parts = new ArrayList<>();
    for (Filter filter : List.of(this, other)) {
      if (filter instanceof Or or) {
        parts.addAll(or.parts());
      } else {
        parts.add(filter);
      }
    }
    return new Or(parts);
  }

  /** Rows for which this condition is false; where it is unknown it stays so. */
  default Filter not() {
    return this instanceof Not not ? not.part() : new Not(this);
  }

  /** Whether it is {@link #all()}. */
  default boolean isAll() {
    return this instanceof All;
  }

  /** Names of the columns that it speaks of, in the order in which they occur. */
  default Set<String> columns() {
    Set<String> names = new LinkedHashSet<>();
    FilterText.addColumns(this, names);
    return names;
  }
}
