package io.hdl.data.profile;

import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Gathers what a profile says of one column. Guarded by its own lock. */
abstract class ColumnAccumulator {
  /** Values in a sample: enough for shares within half a percent. */
  static final int SAMPLE = 1 << 15;

  /** Held by whoever adds. */
  final ReentrantLock lock = new ReentrantLock();

  private final String name;
  private final ColumnType type;
  private long nulls;
  private long values;

  ColumnAccumulator(String name, ColumnType type) {
    this.name = name;
    this.type = type;
  }

  static ColumnAccumulator of(String name, ColumnType type, int distinctLimit) {
    return switch (type.kind()) {
      case BOOLEAN -> new BooleanAccumulator(name, type);
      case BYTE, SHORT, INTEGER, LONG, DATE, TIMESTAMP, TIMESTAMP_NTZ ->
          new IntegerAccumulator(name, type, distinctLimit);
      case FLOAT, DOUBLE -> new FloatAccumulator(name, type, distinctLimit);
      case DECIMAL -> new DecimalAccumulator(name, type, distinctLimit);
      case STRING -> new TextAccumulator(name, type, distinctLimit);
      case BINARY -> new BinaryAccumulator(name, type, distinctLimit);
      case STRUCT, OTHER -> throw new IllegalArgumentException("not read: " + name + " " + type);
    };
  }

  /**
   * Adds the values of a batch.
   *
   * @param batch its number, from which the sample is chosen
   */
  final void add(long batch, ColumnVector column) {
    int missing = gather(batch, column);
    nulls += missing;
    values += column.size() - missing;
  }

  /** Adds the values; returns how many are null. */
  abstract int gather(long batch, ColumnVector column);

  final String name() {
    return name;
  }

  final ColumnType type() {
    return type;
  }

  final long nulls() {
    return nulls;
  }

  /** Number of values that are not null. */
  final long values() {
    return values;
  }

  /** What has been found. */
  abstract ColumnProfile profile();

  /** The entries that every column has. */
  final Map<String, Object> summary(
      @Nullable Object min, @Nullable Object max, @Nullable Object mean, DistinctCount distinct) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("type", type.toString());
    summary.put("nulls", nulls);
    putNullable(summary, "min", min);
    putNullable(summary, "max", max);
    putNullable(summary, "mean", mean);
    summary.put("distinct", distinct.count());
    summary.put("distinctExact", distinct.exact());
    return summary;
  }

  /** Adds an entry that JSON knows as null where there is no value. */
  static void putNullable(Map<String, Object> map, String key, @Nullable Object value) {
    map.put(key, value);
  }
}
