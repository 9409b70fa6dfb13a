package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnVector;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Where each row of a table belongs: its series and its step. Rows are collected batch by batch, by
 * any thread; then the layout is computed once.
 */
final class RowIndex {
  // Beyond this many steps in all, a frequency that does not fit the data is the likely cause.
  private static final long MAX_CELLS = 1L << 34;

  /** The rows of one batch: the number of each row's key, and its time, later its step. */
  private static final class Staged {
    final int[] keys;
    final long[] steps;

    Staged(int[] keys, long[] steps) {
      this.keys = keys;
      this.steps = steps;
    }
  }

  private final SeriesSpec spec;
  private final TimeAxis.Unit unit;
  private final KeyDictionary keys = new KeyDictionary();
  private final ConcurrentSkipListMap<Long, Staged> batches = new ConcurrentSkipListMap<>();

  private TimeAxis axis = TimeAxis.integers();
  private long rows;
  // By the number of the key.
  private long[] first = new long[0];
  private int[] lengths = new int[0];
  private long[] cells = new long[0];
  private int[] stores = new int[0];
  // One bit per step of every series: whether there is a row.
  private long[] present = new long[0];
  // By the number of the series in the store: the number of its key.
  private int[] kept = new int[0];

  RowIndex(SeriesSpec spec, TimeAxis.Unit unit) {
    this.spec = spec;
    this.unit = unit;
  }

  /** Takes a batch with the key columns and the time column. Thread-safe. */
  void add(long batch, ColumnBatch columns) {
    int rowCount = columns.rows();
    int keyCount = spec.keys().size();
    List<ColumnVector> keyColumns = columns.columns().subList(0, keyCount);
    ColumnVector.Longs time = (ColumnVector.Longs) columns.columns().get(keyCount);
    int[] numbers = keys.numbers(keyColumns, rowCount);
    long[] values = new long[rowCount];
    for (int row = 0; row < rowCount; row++) {
      if (numbers[row] < 0) {
        throw nullKey(keyColumns, row);
      }
      if (time.isNull(row)) {
        throw new HdlException(
            ErrorCode.INVALID_DATA,
            "Cannot order the rows by \""
                + spec.time()
                + "\": it is null in a row of series "
                + keys.key(numbers[row])
                + ". Remove such rows, or fill the column where the table is written.");
      }
      values[row] = time.value(row);
    }
    batches.put(batch, new Staged(numbers, values));
  }

  private HdlException nullKey(List<ColumnVector> keyColumns, int row) {
    int column = 0;
    while (!keyColumns.get(column).isNull(row)) {
      column++;
    }
    return new HdlException(
        ErrorCode.INVALID_DATA,
        "Cannot tell which series a row belongs to: its key column \""
            + spec.keys().get(column)
            + "\" is null. Remove such rows, or fill the column where the table is written.");
  }

  /** Finds the axis, the extent of each series, duplicates, and the series to keep. */
  void layOut(String table) {
    AxisFinder finder = new AxisFinder(spec.frequency(), unit);
    for (Staged batch : batches.values()) {
      rows += batch.keys.length;
      for (long value : batch.steps) {
        finder.add(value);
      }
    }
    if (rows == 0) {
      throw new HdlException(
          ErrorCode.NOT_ENOUGH_DATA,
          "Cannot make series of the table "
              + table
              + ": this version has no rows. Choose a version that has some, or write rows first.");
    }
    axis = finder.axis();
    toSteps();
    extents();
    markPresent();
    choose();
  }

  private void toSteps() {
    long wrong = 0;
    int wrongKey = 0;
    long wrongValue = 0;
    for (Staged batch : batches.values()) {
      for (int row = 0; row < batch.steps.length; row++) {
        long value = batch.steps[row];
        long step = axis.floor(value);
        if (axis.value(step) != value && wrong++ == 0) {
          wrongKey = batch.keys[row];
          wrongValue = value;
        }
        batch.steps[row] = step;
      }
    }
    if (wrong > 0) {
      throw AxisFinder.offGrid(axis, spec.time(), keys.key(wrongKey), wrongValue, wrong, rows);
    }
  }

  private void extents() {
    int count = keys.size();
    first = new long[count];
    long[] last = new long[count];
    Arrays.fill(first, Long.MAX_VALUE);
    Arrays.fill(last, Long.MIN_VALUE);
    for (Staged batch : batches.values()) {
      for (int row = 0; row < batch.keys.length; row++) {
        int key = batch.keys[row];
        first[key] = Math.min(first[key], batch.steps[row]);
        last[key] = Math.max(last[key], batch.steps[row]);
      }
    }
    lengths = new int[count];
    cells = new long[count + 1];
    for (int key = 0; key < count; key++) {
      // Exact also where the difference overflows a long.
      long length = last[key] - first[key] + 1;
      if (length <= 0 || length > Integer.MAX_VALUE || cells[key] + length > MAX_CELLS) {
        throw new HdlException(
            ErrorCode.INVALID_DATA,
            "Cannot lay out series "
                + keys.key(key)
                + ": from "
                + axis.label(first[key])
                + " to "
                + axis.label(last[key])
                + " there are too many "
                + axis.frequency()
                + " steps for "
                + rows
                + " rows in all. Choose a lower frequency, or number the steps one by one.");
      }
      lengths[key] = (int) length;
      cells[key + 1] = cells[key] + length;
    }
  }

  private void markPresent() {
    present = new long[Math.toIntExact((cells[keys.size()] + 63) >>> 6)];
    // Row counts of the steps that have more than one, by key and step.
    Map<String, Long> repeated = new TreeMap<>();
    long duplicates = 0;
    for (Staged batch : batches.values()) {
      for (int row = 0; row < batch.keys.length; row++) {
        long cell = cells[batch.keys[row]] + batch.steps[row] - first[batch.keys[row]];
        long bit = 1L << cell;
        if ((present[(int) (cell >>> 6)] & bit) != 0) {
          duplicates++;
          if (repeated.size() < 1000) {
            repeated.merge(
                "series " + keys.key(batch.keys[row]) + " at " + axis.label(batch.steps[row]),
                2L,
                (a, b) -> a + 1);
          }
        }
        present[(int) (cell >>> 6)] |= bit;
      }
    }
    if (duplicates > 0) {
      Map.Entry<String, Long> example = repeated.entrySet().iterator().next();
      throw new HdlException(
          ErrorCode.INVALID_DATA,
          "Cannot make series: "
              + duplicates
              + " rows repeat the key and time of another row, for instance "
              + example.getKey()
              + " ("
              + example.getValue()
              + " rows). Add the columns that tell them apart to the key, or aggregate the rows"
              + " where the table is written.");
    }
  }

  private void choose() {
    long begin = Arrays.stream(first).min().orElse(0);
    long end = 0;
    for (int key = 0; key < first.length; key++) {
      end = key == 0 ? first[key] + lengths[key] : Math.max(end, first[key] + lengths[key]);
    }
    stores = new int[first.length];
    Arrays.fill(stores, -1);
    int[] order = keys.sorted();
    int used = 0;
    for (int key : order) {
      boolean complete =
          first[key] == begin && first[key] + lengths[key] == end && rowsOf(key) == lengths[key];
      if (spec.filter() == SeriesFilter.ALL || complete) {
        stores[key] = used;
        order[used++] = key;
      }
    }
    kept = Arrays.copyOf(order, used);
  }

  private long rowsOf(int key) {
    long count = 0;
    for (int step = 0; step < lengths[key]; step++) {
      count += hasRow(key, step) ? 1 : 0;
    }
    return count;
  }

  private boolean hasRow(int key, int step) {
    long cell = cells[key] + step;
    return (present[(int) (cell >>> 6)] & 1L << cell) != 0;
  }

  TimeAxis axis() {
    return axis;
  }

  long rows() {
    return rows;
  }

  /** Number of series in the table, those that are not kept included. */
  int found() {
    return first.length;
  }

  List<SeriesKey> keptKeys() {
    return Arrays.stream(kept).mapToObj(keys::key).toList();
  }

  long[] keptFirstSteps() {
    return Arrays.stream(kept).mapToLong(key -> first[key]).toArray();
  }

  int[] keptLengths() {
    return Arrays.stream(kept).map(key -> lengths[key]).toArray();
  }

  /** Whether there is a row at a step of a series of the store. */
  boolean keptHasRow(int series, int step) {
    return hasRow(kept[series], step);
  }

  /** Gives up what says where the rows of a batch belong: the series of each, or -1. */
  Places take(long batch) {
    Staged staged = batches.remove(batch);
    if (staged == null) {
      throw new IllegalStateException("batch " + batch + " was not there before");
    }
    int[] series = staged.keys;
    int[] steps = new int[series.length];
    for (int row = 0; row < series.length; row++) {
      int key = staged.keys[row];
      steps[row] = (int) (staged.steps[row] - first[key]);
      series[row] = stores[key];
    }
    return new Places(series, steps);
  }

  /** Where the rows of a batch belong. */
  static final class Places {
    private final int[] series;
    private final int[] steps;

    Places(int[] series, int[] steps) {
      this.series = series;
      this.steps = steps;
    }

    int rows() {
      return series.length;
    }

    /** The series of a row in the store, or -1 if it is not kept. */
    int series(int row) {
      return series[row];
    }

    /** The step of a row, counted from its series' first. */
    int step(int row) {
      return steps[row];
    }
  }
}
