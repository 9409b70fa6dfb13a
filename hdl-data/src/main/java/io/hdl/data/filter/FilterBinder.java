package io.hdl.data.filter;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import io.hdl.data.column.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns a filter into nodes over values of the columns' types. A negation is carried down to the
 * comparisons, which is exact in three-valued logic: {@code not (a < b)} and {@code a >= b} are
 * true, false and unknown together.
 */
final class FilterBinder {
  private static final BoundNode EVERY_ROW = new BoundNode.Group(true, List.of());
  private static final BoundNode NO_ROW = new BoundNode.Group(false, List.of());

  private final List<String> columns;
  private final Map<String, ColumnType> types;
  private final List<String> problems = new ArrayList<>();

  FilterBinder(List<String> columns, Map<String, ColumnType> types) {
    this.columns = columns;
    this.types = types;
  }

  /** What does not fit, once {@link #bind} has run. */
  List<String> problems() {
    return problems;
  }

  BoundNode bind(Filter filter) {
    return bind(filter, false);
  }

  private BoundNode bind(Filter filter, boolean negated) {
    if (filter instanceof Filter.All) {
      return negated ? NO_ROW : EVERY_ROW;
    }
    if (filter instanceof Filter.Not not) {
      return bind(not.part(), !negated);
    }
    if (filter instanceof Filter.And and) {
      return group(!negated, and.parts(), negated);
    }
    if (filter instanceof Filter.Or or) {
      return group(negated, or.parts(), negated);
    }
    String column = filter.columns().iterator().next();
    ColumnType type = types.get(column);
    Optional<ValueDomain<?>> domain = type == null ? Optional.empty() : ValueDomain.of(type);
    if (domain.isEmpty()) {
      problems.add("column \"" + column + "\" is " + type + ", which has no single values");
      return NO_ROW;
    }
    try {
      return leaf(filter, column, domain.get(), negated);
    } catch (IllegalArgumentException e) {
      problems.add("column \"" + column + "\" " + e.getMessage());
      return NO_ROW;
    }
  }

  private BoundNode group(boolean all, List<Filter> parts, boolean negated) {
    List<BoundNode> bound = new ArrayList<>();
    for (Filter part : parts) {
      bound.add(bind(part, negated));
    }
    return BoundNode.Group.of(all, bound);
  }

  private <C extends Comparable<?>> BoundNode leaf(
      Filter filter, String column, ValueDomain<C> domain, boolean negated) {
    int index = columns.indexOf(column);
    if (filter instanceof Filter.IsNull) {
      ImmutableRangeSet<C> values =
          negated ? domain.set(Optional.of(Range.all())) : domain.set(Optional.empty());
      return BoundNode.Leaf.of(index, domain, values, !negated);
    }
    ImmutableRangeSet<C> values = values(filter, domain);
    return BoundNode.Leaf.of(index, domain, negated ? values.complement() : values, false);
  }

  private static <C extends Comparable<?>> ImmutableRangeSet<C> values(
      Filter filter, ValueDomain<C> domain) {
    if (filter instanceof Filter.Comparison test) {
      return values(test.operator(), domain.place(test.value()), domain);
    }
    if (filter instanceof Filter.In test) {
      List<Range<C>> values = new ArrayList<>();
      for (Literal value : test.values()) {
        values.addAll(domain.set(domain.place(value).equal()).asRanges());
      }
      return ImmutableRangeSet.unionOf(values);
    }
    Filter.Between test = (Filter.Between) filter;
    return values(Filter.Operator.AT_LEAST, domain.place(test.low()), domain)
        .intersection(values(Filter.Operator.AT_MOST, domain.place(test.high()), domain));
  }

  private static <C extends Comparable<?>> ImmutableRangeSet<C> values(
      Filter.Operator operator, ValueDomain.Place<C> place, ValueDomain<C> domain) {
    return switch (operator) {
      case EQUAL -> domain.set(place.equal());
      case NOT_EQUAL -> domain.set(place.equal()).complement();
      case LESS -> domain.set(place.less());
      case AT_MOST -> domain.set(place.atMost());
      case GREATER -> domain.set(place.atMost()).complement();
      case AT_LEAST -> domain.set(place.less()).complement();
    };
  }
}
