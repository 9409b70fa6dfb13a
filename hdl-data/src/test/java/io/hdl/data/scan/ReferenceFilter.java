package io.hdl.data.scan;

import io.hdl.data.column.ColumnType;
import io.hdl.data.filter.Filter;
import io.hdl.data.filter.Literal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Filters decided the slow way, on one row's values at a time, in three-valued logic: true, false,
 * or null for unknown. Shares nothing with the code that it checks but the filter itself.
 */
final class ReferenceFilter {
  private final List<String> columns;
  private final Map<String, ColumnType> types;

  ReferenceFilter(List<String> columns, Map<String, ColumnType> types) {
    this.columns = columns;
    this.types = types;
  }

  boolean passes(Filter filter, @Nullable Object[] row) {
    return Boolean.TRUE.equals(truth(filter, row));
  }

  private @Nullable Boolean truth(Filter filter, @Nullable Object[] row) {
    if (filter instanceof Filter.All) {
      return true;
    }
    if (filter instanceof Filter.Not not) {
      Boolean part = truth(not.part(), row);
      return part == null ? null : !part;
    }
    if (filter instanceof Filter.And and) {
      Boolean result = true;
      for (Filter part : and.parts()) {
        Boolean truth = truth(part, row);
        if (Boolean.FALSE.equals(truth)) {
          return false;
        }
        result = truth == null ? null : result;
      }
      return result;
    }
    if (filter instanceof Filter.Or or) {
      Boolean result = false;
      for (Filter part : or.parts()) {
        Boolean truth = truth(part, row);
        if (Boolean.TRUE.equals(truth)) {
          return true;
        }
        result = truth == null ? null : result;
      }
      return result;
    }
    String column = filter.columns().iterator().next();
    Object value = row[columns.indexOf(column)];
    if (filter instanceof Filter.IsNull) {
      return value == null;
    }
    if (value == null) {
      return null;
    }
    ColumnType type = types.get(column);
    if (filter instanceof Filter.In in) {
      return in.values().stream().anyMatch(literal -> compare(value, literal, type) == 0);
    }
    if (filter instanceof Filter.Between between) {
      return compare(value, between.low(), type) >= 0 && compare(value, between.high(), type) <= 0;
    }
    Filter.Comparison comparison = (Filter.Comparison) filter;
    int order = compare(value, comparison.value(), type);
    return switch (comparison.operator()) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case LESS -> order < 0;
      case AT_MOST -> order <= 0;
      case GREATER -> order > 0;
      case AT_LEAST -> order >= 0;
    };
  }

  private static int compare(Object value, Literal literal, @Nullable ColumnType type) {
    if (literal instanceof Literal.NotFinite special) {
      return compare(((Number) value).doubleValue(), special.value());
    }
    if (literal instanceof Literal.Numeric number) {
      if (value instanceof Float single) {
        return compare((double) single, (double) number.value().floatValue());
      }
      if (value instanceof Double wide) {
        return compare(wide, number.value().doubleValue());
      }
      return new BigDecimal(value.toString()).compareTo(number.value());
    }
    if (literal instanceof Literal.Flag flag) {
      return Long.compare((Long) value, flag.value() ? 1 : 0);
    }
    if (literal instanceof Literal.Day day) {
      return type != null && type.kind() == ColumnType.Kind.DATE
          ? Long.compare((Long) value, day.value().toEpochDay())
          : micros(value).compareTo(day.value().atStartOfDay().toInstant(ZoneOffset.UTC));
    }
    if (literal instanceof Literal.Moment moment) {
      return micros(value).compareTo(moment.value());
    }
    if (literal instanceof Literal.LocalMoment moment) {
      return micros(value).compareTo(moment.value().toInstant(ZoneOffset.UTC));
    }
    String text = ((Literal.Text) literal).value();
    if (type != null && type.kind() == ColumnType.Kind.DATE) {
      return Long.compare((Long) value, LocalDate.parse(text).toEpochDay());
    }
    byte[] mine = ((String) value).getBytes(StandardCharsets.UTF_8);
    return Arrays.compareUnsigned(mine, text.getBytes(StandardCharsets.UTF_8));
  }

  private static int compare(double value, double other) {
    return value == other ? 0 : Double.compare(value, other);
  }

  private static Instant micros(Object value) {
    long micros = (Long) value;
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
  }
}
