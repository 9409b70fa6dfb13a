package io.hdl.data.profile;

import io.hdl.data.column.ColumnType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * For which times the series of a table have no row. A time is expected of a series if it lies
 * between the first and the last row of the series and any series has a row for it: a day on which
 * nobody sells is no gap. Immutable and thread-safe.
 */
public final class SeriesGaps {
  /** One series: its key, and at which of all times it has a row. */
  public static final class Series {
    private final List<String> key;
    private final BitSet present;
    private final int first;
    private final int last;
    private final int missing;

    Series(List<String> key, BitSet present) {
      this.key = List.copyOf(key);
      this.present = present;
      this.first = present.nextSetBit(0);
      this.last = present.length() - 1;
      this.missing = last - first + 1 - present.cardinality();
    }

    /** The values of its key columns, as text. */
    public List<String> key() {
      return key;
    }

    /** Index of the time of its first row. */
    public int first() {
      return first;
    }

    /** Index of the time of its last row. */
    public int last() {
      return last;
    }

    /** How many times between the first and the last one it has no row for. */
    public int missing() {
      return missing;
    }

    /** How many of the times from one index to below another one it has a row for. */
    public int present(int from, int to) {
      return present.get(from, to).cardinality();
    }

    /** Its gaps, in order of time. */
    public List<Gap> gaps() {
      List<Gap> gaps = new ArrayList<>();
      int from = present.nextClearBit(first);
      while (from < last) {
        int to = present.nextSetBit(from);
        gaps.add(new Gap(from, to - from));
        from = present.nextClearBit(to);
      }
      return gaps;
    }
  }

  /**
   * Consecutive times without a row.
   *
   * @param from index of the first of these times
   * @param length number of these times
   */
  public record Gap(int from, int length) {}

  private final List<String> keys;
  private final String time;
  private final ColumnType timeType;
  private final long[] times;
  private final List<Series> series;
  private final long rows;
  private final long duplicates;
  private final long incomplete;

  SeriesGaps(
      List<String> keys,
      String time,
      ColumnType timeType,
      long[] times,
      List<Series> series,
      long rows,
      long duplicates,
      long incomplete) {
    this.keys = keys;
    this.time = time;
    this.timeType = timeType;
    this.times = times;
    List<Series> sorted = new ArrayList<>(series);
    sorted.sort(Comparator.comparing(Series::key, SeriesGaps::compareKeys));
    this.series = Collections.unmodifiableList(sorted);
    this.rows = rows;
    this.duplicates = duplicates;
    this.incomplete = incomplete;
  }

  /** Numbers by value, other texts by their characters. */
  private static int compareKeys(List<String> one, List<String> other) {
    for (int i = 0; i < one.size(); i++) {
      String a = one.get(i);
      String b = other.get(i);
      boolean numbers = a.matches("-?\\d{1,18}") && b.matches("-?\\d{1,18}");
      int order = numbers ? Long.compare(Long.parseLong(a), Long.parseLong(b)) : a.compareTo(b);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** The columns that tell the series apart. */
  public List<String> keys() {
    return keys;
  }

  /** The column of the time. */
  public String time() {
    return time;
  }

  /** The series, in ascending order of their keys. */
  public List<Series> series() {
    return series;
  }

  /** How many different times there are. */
  public int times() {
    return times.length;
  }

  /** A time as text, by its index. */
  public String time(int index) {
    return switch (timeType.kind()) {
      case DATE -> PlainText.date(times[index]);
      case TIMESTAMP -> PlainText.timestamp(times[index]);
      case TIMESTAMP_NTZ -> PlainText.timestampWithoutZone(times[index]);
      default -> Long.toString(times[index]);
    };
  }

  /** Rows whose series and time are known. */
  public long rows() {
    return rows;
  }

  /** Rows whose series has another row for the same time. */
  public long duplicates() {
    return duplicates;
  }

  /** Rows in which a key or the time is null. */
  public long incomplete() {
    return incomplete;
  }

  /** The totals, and the series that miss the most, as JSON. */
  public Map<String, Object> summary() {
    long missing = 0;
    long count = 0;
    int longest = 0;
    int complete = 0;
    int full = 0;
    for (Series one : series) {
      missing += one.missing();
      complete += one.missing() == 0 ? 1 : 0;
      full += one.present(0, times.length) == times.length ? 1 : 0;
      if (one.missing() > 0) {
        for (Gap gap : one.gaps()) {
          count++;
          longest = Math.max(longest, gap.length());
        }
      }
    }
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("keys", keys);
    summary.put("time", time);
    summary.put("series", series.size());
    summary.put("times", times.length);
    if (times.length > 0) {
      summary.put("first", time(0));
      summary.put("last", time(times.length - 1));
    }
    summary.put("rows", rows);
    summary.put("duplicateRows", duplicates);
    summary.put("rowsWithoutKeyOrTime", incomplete);
    summary.put("seriesWithoutGaps", complete);
    summary.put("seriesWithAllTimes", full);
    summary.put("gaps", count);
    summary.put("missingTimes", missing);
    summary.put("longestGap", longest);
    return summary;
  }
}
