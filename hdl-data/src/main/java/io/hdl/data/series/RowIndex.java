package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnVector;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Where each row of a table belongs: its series and its step. Rows pass twice, from any thread and
 * in any order. The first time their keys are numbered, and the extent of each series is found; the
 * second time each row is told its place. What is kept takes memory per series, beside the heap,
 * and none per row.
 */
final class RowIndex {
  // Beyond this many steps in all, a frequency that does not fit the data is the likely cause.
  private static final long MAX_CELLS = 1L << 34;

  private final SeriesSpec spec;
  private final String table;
  private final PageSource scratch;
  private final KeyDictionary keys;
  private final AxisFinder finder;
  // By the number of the key: first and last value of the time column, later steps; rows.
  private final LongPages first;
  private final LongPages last;
  private final LongPages counts;
  // By the number of the key: its series in the store, or -1.
  private final LongPages series;

  private final ConcurrentLinkedQueue<KeyRuns> spare = new ConcurrentLinkedQueue<>();
  private TimeAxis axis = TimeAxis.integers();
  private boolean crowded;
  // By the number of the series in the store: the number of its key.
  private int[] kept = new int[0];

  /**
   * Begins without rows.
   *
   * @param parts what the key columns hold
   * @param table its name, for messages
   */
  RowIndex(
      SeriesSpec spec,
      TimeAxis.Unit unit,
      List<KeyBytes.Part> parts,
      String table,
      PageSource scratch) {
    this.spec = spec;
    this.table = table;
    this.scratch = scratch;
    this.keys = new KeyDictionary(scratch, parts);
    this.finder = new AxisFinder(spec.frequency(), unit);
    this.first = new LongPages(scratch);
    this.last = new LongPages(scratch);
    this.counts = new LongPages(scratch);
    this.series = new LongPages(scratch);
  }

  /** Takes a batch with the key columns and the time column. Thread-safe. */
  void add(long batch, ColumnBatch columns) {
    KeyRuns runs = take();
    add(batch, columns, runs);
    spare.add(runs);
  }

  private KeyRuns take() {
    KeyRuns runs = spare.poll();
    return runs == null ? new KeyRuns() : runs;
  }

  private void add(long batch, ColumnBatch columns, KeyRuns runs) {
    int rows = columns.rows();
    List<ColumnVector> keyColumns = keyColumns(columns);
    ColumnVector.Longs time = time(columns);
    refuseNullKeys(keyColumns, rows);
    runs.of(keyColumns, rows);
    int[] numbers = runs.numbers(keyColumns, keys::number);
    long[] low = new long[numbers.length];
    long[] high = new long[numbers.length];
    long[] count = new long[numbers.length];
    AxisFinder.Batch values = finder.takesAll() ? null : finder.batch();
    for (int run = 0; run < runs.runs(); run++) {
      int key = runs.key(run);
      long min = count[key] == 0 ? Long.MAX_VALUE : low[key];
      long max = count[key] == 0 ? Long.MIN_VALUE : high[key];
      for (int row = runs.firstRow(run); row < runs.endRow(run); row++) {
        if (time.isNull(row)) {
          throw nullTime(numbers[key]);
        }
        long value = time.value(row);
        min = Math.min(min, value);
        max = Math.max(max, value);
        if (values != null) {
          values.add(value, row);
        }
      }
      low[key] = min;
      high[key] = max;
      count[key] += runs.endRow(run) - runs.firstRow(run);
    }
    if (values == null) {
      finder.add(rows);
    } else {
      finder.add(values, batch, rows, row -> numbers[runs.keyOf(row)]);
    }
    merge(numbers, low, high, count);
  }

  private synchronized void merge(int[] numbers, long[] low, long[] high, long[] count) {
    for (int i = 0; i < numbers.length; i++) {
      int key = numbers[i];
      first.grow(key + 1L);
      last.grow(key + 1L);
      counts.grow(key + 1L);
      boolean known = counts.get(key) > 0;
      first.set(key, known ? Math.min(first.get(key), low[i]) : low[i]);
      last.set(key, known ? Math.max(last.get(key), high[i]) : high[i]);
      counts.set(key, counts.get(key) + count[i]);
    }
  }

  private List<ColumnVector> keyColumns(ColumnBatch columns) {
    return columns.columns().subList(0, spec.keys().size());
  }

  private ColumnVector.Longs time(ColumnBatch columns) {
    return (ColumnVector.Longs) columns.columns().get(spec.keys().size());
  }

  private void refuseNullKeys(List<ColumnVector> keyColumns, int rows) {
    for (int c = 0; c < keyColumns.size(); c++) {
      ColumnVector column = keyColumns.get(c);
      for (int row = 0; row < rows; row++) {
        if (column.isNull(row)) {
          throw new HdlException(
              ErrorCode.INVALID_DATA,
              "Cannot tell which series a row belongs to: its key column \""
                  + spec.keys().get(c)
                  + "\" is null. Remove such rows, or fill the column where the table is written.");
        }
      }
    }
  }

  private HdlException nullTime(int key) {
    return new HdlException(
        ErrorCode.INVALID_DATA,
        "Cannot order the rows by \""
            + spec.time()
            + "\": it is null in a row of series "
            + keys.key(key)
            + ". Remove such rows, or fill the column where the table is written.");
  }

  /** Finds the axis, the extent of each series, and the series to keep. */
  void layOut() {
    if (finder.rows() == 0) {
      throw new HdlException(
          ErrorCode.NOT_ENOUGH_DATA,
          "Cannot make series of the table "
              + table
              + ": this version has no rows. Choose a version that has some, or write rows first.");
    }
    axis = finder.axis(spec.time(), keys);
    extents();
    choose();
  }

  private void extents() {
    long cells = 0;
    for (int key = 0; key < keys.size(); key++) {
      long begin = axis.floor(first.get(key));
      long end = axis.floor(last.get(key));
      first.set(key, begin);
      last.set(key, end);
      // Exact also where the difference overflows a long.
      long length = end - begin + 1;
      if (length <= 0 || length > Integer.MAX_VALUE || cells + length > MAX_CELLS) {
        throw new HdlException(
            ErrorCode.INVALID_DATA,
            "Cannot lay out series "
                + keys.key(key)
                + ": from "
                + axis.label(begin)
                + " to "
                + axis.label(end)
                + " there are too many "
                + axis.frequency()
                + " steps for "
                + finder.rows()
                + " rows in all. Choose a lower frequency, or number the steps one by one.");
      }
      cells += length;
      crowded |= counts.get(key) > length;
    }
  }

  private void choose() {
    long begin = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (int key = 0; key < keys.size(); key++) {
      begin = Math.min(begin, first.get(key));
      end = Math.max(end, last.get(key));
    }
    series.grow(keys.size());
    int[] order = keys.sorted();
    int used = 0;
    for (int key : order) {
      boolean complete =
          first.get(key) == begin && last.get(key) == end && counts.get(key) == length(key);
      boolean keep = spec.filter() == SeriesFilter.ALL || complete;
      series.set(key, keep ? used : -1);
      if (keep) {
        order[used++] = key;
      }
    }
    kept = Arrays.copyOf(order, used);
    if (used == 0 && !crowded) {
      throw new HdlException(
          ErrorCode.NOT_ENOUGH_DATA,
          "Cannot make series of the table "
              + table
              + ": none of its "
              + keys.size()
              + " series has a row for every step. Keep all series (SeriesFilter.ALL).");
    }
  }

  private long length(int key) {
    return last.get(key) - first.get(key) + 1;
  }

  /** Whether there is a series with more rows than steps, so that rows repeat each other. */
  boolean crowded() {
    return crowded;
  }

  TimeAxis axis() {
    return axis;
  }

  List<KeyBytes.Part> parts() {
    return keys.parts();
  }

  long rows() {
    return finder.rows();
  }

  /** Number of series in the table, those that are not kept included. */
  int found() {
    return keys.size();
  }

  /** Number of series that are kept. */
  int kept() {
    return kept.length;
  }

  /** Bytes of the keys that are kept. */
  long keyBytes() {
    long bytes = 0;
    for (int key : kept) {
      bytes += keys.length(key);
    }
    return bytes;
  }

  int keptLength(int number) {
    return (int) length(kept[number]);
  }

  /** Writes what is known of the series before their values are. */
  void describe(StoreIndex index, StoreLayout.Places places) {
    for (int s = 0; s < kept.length; s++) {
      int length = keptLength(s);
      index.put(s, first.get(kept[s]), length, places.add(length), keys.bytes(kept[s]));
    }
  }

  /** Where the rows of a batch belong. Used for one batch after the other; has one owner. */
  static final class Places {
    private final KeyRuns runs = new KeyRuns();
    private int[] key = new int[0];
    private int[] series = new int[0];
    private int[] step = new int[0];

    /** The number of a row's key. */
    int key(int row) {
      return key[row];
    }

    /** The series of a row in the store, or -1 if it is not kept. */
    int series(int row) {
      return series[row];
    }

    /** The step of a row, counted from its series' first. */
    int step(int row) {
      return step[row];
    }
  }

  /** Tells the places of the rows of a batch that was taken before. Thread-safe. */
  void places(ColumnBatch columns, Places into) {
    if (into.step.length < columns.rows()) {
      into.key = new int[columns.rows()];
      into.series = new int[columns.rows()];
      into.step = new int[columns.rows()];
    }
    ColumnVector.Longs time = time(columns);
    List<ColumnVector> keyColumns = keyColumns(columns);
    KeyRuns runs = into.runs;
    runs.of(keyColumns, columns.rows());
    int[] numbers = runs.numbers(keyColumns, keys::find);
    long[] begins = new long[numbers.length];
    int[] lengths = new int[numbers.length];
    int[] stores = new int[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < 0) {
        throw changed();
      }
      begins[i] = first.get(numbers[i]);
      lengths[i] = (int) length(numbers[i]);
      stores[i] = (int) series.get(numbers[i]);
    }
    long period = axis.period();
    long lastValue = 0;
    long step = 0;
    boolean begun = false;
    for (int run = 0; run < runs.runs(); run++) {
      int key = runs.key(run);
      for (int row = runs.firstRow(run); row < runs.endRow(run); row++) {
        long value = time.value(row);
        if (begun && period != 0 && value == lastValue + period) {
          step++;
        } else if (period == 1) {
          step = value;
        } else if (!begun || value != lastValue) {
          step = axis.floor(value);
        }
        begun = true;
        lastValue = value;
        long own = step - begins[key];
        if (own < 0 || own >= lengths[key]) {
          throw changed();
        }
        into.key[row] = numbers[key];
        into.series[row] = stores[key];
        into.step[row] = (int) own;
      }
    }
  }

  private HdlException changed() {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot read the table "
            + table
            + ": its rows were others when they were read a second time. Data files of a Delta"
            + " table never change: find out who writes to them.");
  }

  /** Finds rows that repeat others, when there are any; takes all batches once more. */
  RepeatedRows repeated() {
    LongPages cells = new LongPages(scratch);
    long used = 0;
    for (int key = 0; key < keys.size(); key++) {
      cells.add(used);
      used += length(key);
    }
    return new RepeatedRows(
        this,
        cells,
        used,
        scratch,
        (key, step) -> "series " + keys.key(key) + " at " + axis.label(first.get(key) + step));
  }
}
