package io.hdl.train.metric;

import io.hdl.data.series.SeriesKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Series added up along their key columns: level by level, from all of them down to each alone, as
 * the M5 competition does. Immutable and thread-safe.
 *
 * <pre>{@code
 * Hierarchy.over(List.of("store", "dept"), store.keys())
 *     .total().level("store").level("dept").level("store", "dept");
 * }</pre>
 */
public final class Hierarchy {
  private final List<String> columns;
  private final List<SeriesKey> keys;
  private final List<Level> levels;

  private Hierarchy(List<String> columns, List<SeriesKey> keys, List<Level> levels) {
    this.columns = columns;
    this.keys = keys;
    this.levels = levels;
  }

  /**
   * A hierarchy without any level yet.
   *
   * @param columns names of the key columns, in the order of the keys' values
   * @param keys the series
   */
  public static Hierarchy over(List<String> columns, List<SeriesKey> keys) {
    for (SeriesKey key : keys) {
      if (key.values().size() != columns.size()) {
        throw new IllegalArgumentException(
            "columns: " + columns + " (expected: one for each value of the key " + key + ")");
      }
    }
    return new Hierarchy(List.copyOf(columns), List.copyOf(keys), List.of());
  }

  /** The same hierarchy with a level at which all series are one. */
  public Hierarchy total() {
    return level();
  }

  /** The same hierarchy with a level at which the series with the same values are one. */
  public Hierarchy level(String... by) {
    int[] places = new int[by.length];
    for (int i = 0; i < by.length; i++) {
      places[i] = columns.indexOf(by[i]);
      if (places[i] < 0) {
        throw new IllegalArgumentException(
            "level: \"" + by[i] + "\" (expected: one of " + columns + ")");
      }
    }
    Map<List<String>, Integer> groups = new LinkedHashMap<>();
    List<Integer> groupOf = new ArrayList<>();
    for (SeriesKey key : keys) {
      List<String> values = new ArrayList<>();
      for (int place : places) {
        values.add(key.values().get(place));
      }
      Integer next = groups.size();
      Integer known = groups.putIfAbsent(values, next);
      groupOf.add(known == null ? next : known);
    }
    List<Level> more = new ArrayList<>(levels);
    more.add(
        new Level(
            by.length == 0 ? "total" : String.join("/", by),
            groups.keySet().stream().map(values -> String.join("/", values)).toList(),
            groupOf));
    return new Hierarchy(columns, keys, List.copyOf(more));
  }

  /** The levels, in the order in which they were named. */
  public List<Level> levels() {
    return levels;
  }

  /** Number of series at the bottom. */
  public int seriesCount() {
    return keys.size();
  }

  /**
   * One level.
   *
   * @param name the columns, such as {@code store/dept}; {@code total} if there are none
   * @param groups names of what the series are added up to
   * @param groupOf number of the group of each series
   */
  public record Level(String name, List<String> groups, List<Integer> groupOf) {
    /** Copies the lists. */
    public Level {
      groups = List.copyOf(groups);
      groupOf = List.copyOf(groupOf);
    }

    /**
     * Adds series up.
     *
     * @param series {@code [series][step]}, of any lengths, which end at the same step; NaN where
     *     missing
     * @param observed what decides which steps count, of the same lengths: NaN where they do not
     * @return {@code [group][step]}, as long as the longest series; NaN where no series counts
     */
    double[][] sums(double[][] series, double[][] observed) {
      int length = 0;
      for (double[] values : series) {
        length = Math.max(length, values.length);
      }
      double[][] sums = new double[groups.size()][length];
      for (double[] sum : sums) {
        java.util.Arrays.fill(sum, Double.NaN);
      }
      for (int s = 0; s < series.length; s++) {
        double[] sum = sums[groupOf.get(s)];
        int offset = length - series[s].length;
        for (int t = 0; t < series[s].length; t++) {
          if (!Double.isNaN(observed[s][t])) {
            double before = sum[offset + t];
            sum[offset + t] = series[s][t] + (Double.isNaN(before) ? 0 : before);
          }
        }
      }
      return sums;
    }
  }
}
