package io.hdl.data.profile;

import io.hdl.data.column.ColumnType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is in one column. Immutable and thread-safe. */
public final class ColumnProfile {
  private static final String NOT_READ = "not read";

  private final String name;
  private final ColumnType type;
  private final long nulls;
  private final Map<String, Object> summary;
  private final Map<String, Object> checksums;
  private final @Nullable DistinctCount distinct;
  private final @Nullable NumberSample sample;
  private final List<ValueCount> top;
  private final boolean topExact;

  private ColumnProfile(
      String name,
      ColumnType type,
      long nulls,
      Map<String, Object> summary,
      Map<String, Object> checksums,
      @Nullable DistinctCount distinct,
      @Nullable NumberSample sample,
      List<ValueCount> top,
      boolean topExact) {
    this.name = name;
    this.type = type;
    this.nulls = nulls;
    this.summary = Collections.unmodifiableMap(new LinkedHashMap<>(summary));
    this.checksums = Collections.unmodifiableMap(new LinkedHashMap<>(checksums));
    this.distinct = distinct;
    this.sample = sample;
    this.top = List.copyOf(top);
    this.topExact = topExact;
  }

  static ColumnProfile of(
      ColumnAccumulator found,
      Map<String, Object> summary,
      Map<String, Object> checksums,
      DistinctCount distinct) {
    return new ColumnProfile(
        found.name(),
        found.type(),
        found.nulls(),
        summary,
        checksums,
        distinct,
        null,
        List.of(),
        true);
  }

  /** A column that is named, but not read. */
  static ColumnProfile notRead(String name, ColumnType type) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("type", type.toString());
    summary.put("note", NOT_READ);
    return new ColumnProfile(name, type, 0, summary, Map.of(), null, null, List.of(), true);
  }

  ColumnProfile withSample(NumberSample values) {
    return new ColumnProfile(
        name, type, nulls, summary, checksums, distinct, values, top, topExact);
  }

  ColumnProfile withTop(List<ValueCount> values, boolean exact) {
    return new ColumnProfile(
        name, type, nulls, summary, checksums, distinct, sample, values, exact);
  }

  /** Its name in the table; a leaf of a struct by its path, {@code price.net}. */
  public String name() {
    return name;
  }

  /** Its type in the table. */
  public ColumnType type() {
    return type;
  }

  /** Whether it was read: lists, maps and variants are only named. */
  public boolean isRead() {
    return distinct != null;
  }

  /** Number of rows in which it is null; 0 if it was not read. */
  public long nulls() {
    return nulls;
  }

  /** How many different values it has, if it was read. */
  public Optional<DistinctCount> distinct() {
    return Optional.ofNullable(distinct);
  }

  /**
   * Its values for histograms and quantiles, if it holds numbers, days (since 1970-01-01) or
   * timestamps (microseconds since then): those that are neither null nor infinite nor NaN.
   */
  public Optional<NumberSample> sample() {
    return Optional.ofNullable(sample);
  }

  /** Its most frequent values, the most frequent first, if it holds texts or booleans. */
  public List<ValueCount> topValues() {
    return top;
  }

  /** Whether the counts of {@link #topValues} are exact; else they are scaled from a sample. */
  public boolean topValuesExact() {
    return topExact;
  }

  /**
   * What a person wants to know, as JSON: {@code type}, {@code nulls}, {@code min}, {@code max},
   * {@code mean}, {@code distinct}, {@code distinctExact}; of floats also {@code nan}, {@code
   * posInf}, {@code negInf}, which the other entries leave out. Decimals are strings, days and
   * timestamps ISO 8601.
   */
  public Map<String, Object> summary() {
    return summary;
  }

  /**
   * Sums and ranges by which two readers of one table can be compared, as JSON. Integers and days
   * have {@code sum} (a string: it may have any number of digits), {@code min} and {@code max},
   * named after their unit where they are days or microseconds; floats {@code sumAbsBelow1e300}
   * (exact, rounded once to a double), {@code minFinite} and {@code maxFinite} as the shortest text
   * that reads back as the same double; decimals {@code sum}, {@code min}, {@code max} exactly;
   * booleans {@code true}; texts {@code min} and {@code max} by their UTF-8 bytes, {@code
   * distinct}, {@code sumCodePoints}, {@code sumUtf8Bytes}, {@code sumCrc32Utf8}; bytes {@code
   * sumLength} and {@code sumCrc32}. Null counts and those of NaN and infinities stand in {@link
   * #summary}.
   */
  public Map<String, Object> checksums() {
    return checksums;
  }
}
