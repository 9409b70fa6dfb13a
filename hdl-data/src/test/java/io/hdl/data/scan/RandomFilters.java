package io.hdl.data.scan;

import io.hdl.data.column.ColumnType;
import io.hdl.data.filter.Filter;
import io.hdl.data.filter.FilterColumn;
import io.hdl.data.filter.Literal;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Filters on the columns of a table, mostly with values that occur in it or lie close by. */
final class RandomFilters {
  private final SplittableRandom random;
  private final List<String> columns;
  private final Map<String, ColumnType> types;
  private final List<@Nullable Object[]> rows;

  RandomFilters(
      SplittableRandom random,
      List<String> columns,
      Map<String, ColumnType> types,
      List<@Nullable Object[]> rows) {
    this.random = random;
    this.columns = columns;
    this.types = types;
    this.rows = rows;
  }

  Filter next() {
    return next(random.nextInt(4));
  }

  private Filter next(int depth) {
    if (depth > 0) {
      Filter first = next(depth - 1);
      return switch (random.nextInt(5)) {
        case 0 -> first.not();
        case 1, 2 -> first.and(next(depth - 1));
        default -> first.or(next(depth - 1));
      };
    }
    int index = random.nextInt(columns.size());
    FilterColumn column = Filter.column(columns.get(index));
    return switch (random.nextInt(8)) {
      case 0 -> column.isNull();
      case 1 -> column.isNotNull();
      case 2 -> column.in(value(index), value(index), value(index));
      case 3 -> column.between(value(index), value(index));
      default ->
          new Filter.Comparison(
              columns.get(index),
              List.of(Filter.Operator.values()).get(random.nextInt(6)),
              Literal.of(value(index)));
    };
  }

  private Object value(int index) {
    ColumnType type = types.get(columns.get(index));
    Object found = null;
    for (int tries = 0; tries < 20 && found == null && !rows.isEmpty(); tries++) {
      found = rows.get(random.nextInt(rows.size()))[index];
    }
    int nudge = random.nextInt(4) == 0 ? random.nextInt(5) - 2 : 0;
    if (type == null) {
      throw new IllegalStateException(columns.get(index));
    }
    return switch (type.kind()) {
      case BOOLEAN -> random.nextBoolean();
      case DATE -> LocalDate.ofEpochDay((found == null ? 0 : (Long) found) + nudge);
      case TIMESTAMP -> moment(found == null ? 0 : (Long) found).plusNanos(nudge * 500L);
      case TIMESTAMP_NTZ ->
          moment(found == null ? 0 : (Long) found)
              .plusNanos(nudge * 500L)
              .atOffset(ZoneOffset.UTC)
              .toLocalDateTime();
      case STRING -> (found == null ? "" : (String) found) + (nudge > 1 ? "a" : "");
      case FLOAT, DOUBLE -> {
        double number = found == null ? 0 : ((Number) found).doubleValue();
        yield nudge == 0 ? (found == null ? (Object) 0.0 : found) : (Object) (number + nudge);
      }
      default ->
          new BigDecimal(found == null ? "0" : found.toString())
              .add(BigDecimal.valueOf(nudge).divide(BigDecimal.valueOf(2)));
    };
  }

  private static Instant moment(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
  }
}
