package io.hdl.data.profile;

import io.hdl.data.filter.Filter;
import java.util.List;
import java.util.Optional;

/**
 * What a profile is made of. A value; immutable.
 *
 * <pre>{@code
 * ProfileSpec.columns("units", "price").series(List.of("store", "item"), "date")
 * }</pre>
 *
 * @param columns names of the columns, a struct standing for what is within it; empty for all
 * @param where which rows count
 * @param distinctLimit different values per column that are counted exactly; above that a column's
 *     count is about right. A value takes up to 50 bytes of memory.
 * @param series how rows form series, if gaps are asked for
 */
public record ProfileSpec(
    List<String> columns, Filter where, int distinctLimit, Optional<SeriesKeys> series) {
  /** As many different values as are counted exactly unless another bound is set. */
  public static final int DEFAULT_DISTINCT_LIMIT = 1 << 18;

  /**
   * How rows form series.
   *
   * @param keys the columns that tell the series apart, at least one
   * @param time the column of the time
   */
  public record SeriesKeys(List<String> keys, String time) {
    /** Checks that there are keys. */
    public SeriesKeys {
      keys = List.copyOf(keys);
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("keys: none (expected: at least one column)");
      }
    }
  }

  /** Checks the bound. */
  public ProfileSpec {
    columns = List.copyOf(columns);
    if (distinctLimit < 1) {
      throw new IllegalArgumentException("distinctLimit: " + distinctLimit + " (expected: >= 1)");
    }
  }

  /** All columns that can be read; the others are named. */
  public static ProfileSpec allColumns() {
    return new ProfileSpec(List.of(), Filter.all(), DEFAULT_DISTINCT_LIMIT, Optional.empty());
  }

  /** These columns and no others. */
  public static ProfileSpec columns(String... names) {
    return columns(List.of(names));
  }

  /** These columns and no others. */
  public static ProfileSpec columns(List<String> names) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException("columns: none (expected: at least one)");
    }
    return new ProfileSpec(names, Filter.all(), DEFAULT_DISTINCT_LIMIT, Optional.empty());
  }

  /** The same of the rows for which a condition is true. */
  public ProfileSpec where(Filter condition) {
    return new ProfileSpec(columns, condition, distinctLimit, series);
  }

  /** The same with another bound below which different values are counted exactly. */
  public ProfileSpec distinctLimit(int limit) {
    return new ProfileSpec(columns, where, limit, series);
  }

  /** The same with the gaps of series. */
  public ProfileSpec series(List<String> keys, String time) {
    return new ProfileSpec(columns, where, distinctLimit, Optional.of(new SeriesKeys(keys, time)));
  }
}
