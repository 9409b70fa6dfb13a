package io.hdl.data.series;

import java.util.List;

/**
 * Names one series: the values of its key columns as text, in the order of the key columns.
 *
 * @param values one value per key column
 */
public record SeriesKey(List<String> values) {
  /** Copies the values; at least one is needed. */
  public SeriesKey {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("key values: [] (expected: at least one)");
    }
  }

  /** The key with these values. */
  public static SeriesKey of(String... values) {
    return new SeriesKey(List.of(values));
  }

  /** The values, separated by slashes: {@code 1/7}. */
  @Override
  public String toString() {
    return String.join("/", values);
  }
}
