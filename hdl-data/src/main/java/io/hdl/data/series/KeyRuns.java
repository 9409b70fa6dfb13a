package io.hdl.data.series;

import io.hdl.data.column.ColumnVector;
import java.util.Arrays;
import java.util.List;

/**
 * The keys of a batch: consecutive rows with the same key are one run, so that a key is looked up
 * once for all of them where rows come series by series. Used for one batch after the other;
 * belongs to one thread.
 */
final class KeyRuns {
  /** Tells the number of a key that occurs in the batch, once per key. */
  interface Lookup {
    int number(KeyBytes key);
  }

  /** Up to so many combinations of values are told apart by a table, more by hashing. */
  private static final int TABLE = 1 << 16;

  private final KeyBytes bytes = new KeyBytes();
  private final int[] table = new int[TABLE];
  private boolean[] begins = new boolean[0];
  // First row of each run; behind the last one the number of rows.
  private int[] starts = new int[1];
  private int runs;
  // By run: which of the batch's keys it has.
  private int[] local = new int[0];
  private int width;
  // By key of the batch: a run that has it.
  private int[] example = new int[16];
  private int keys;

  /**
   * Finds the runs of a batch.
   *
   * @param columns the key columns, without nulls
   */
  void of(List<ColumnVector> columns, int rows) {
    if (begins.length < rows) {
      begins = new boolean[rows];
      starts = new int[rows + 1];
      local = new int[rows];
    }
    Arrays.fill(begins, 0, rows, false);
    for (ColumnVector column : columns) {
      mark(column, rows);
    }
    runs = 0;
    for (int row = 0; row < rows; row++) {
      if (begins[row] || row == 0) {
        starts[runs++] = row;
      }
    }
    starts[runs] = rows;
    Arrays.fill(local, 0, runs, 0);
    width = 1;
    for (ColumnVector column : columns) {
      fold(column);
    }
    collect();
  }

  private void mark(ColumnVector column, int rows) {
    if (column instanceof ColumnVector.Texts texts) {
      int before = rows == 0 ? 0 : texts.code(0);
      for (int row = 1; row < rows; row++) {
        int code = texts.code(row);
        begins[row] |= code != before;
        before = code;
      }
      return;
    }
    ColumnVector.Longs longs = (ColumnVector.Longs) column;
    long before = rows == 0 ? 0 : longs.value(0);
    for (int row = 1; row < rows; row++) {
      long value = longs.value(row);
      begins[row] |= value != before;
      before = value;
    }
  }

  private static long value(ColumnVector column, int row) {
    return column instanceof ColumnVector.Texts texts
        ? texts.code(row)
        : ((ColumnVector.Longs) column).value(row);
  }

  /**
   * Replaces each run's number by one for the pair of that number and the column's value. All
   * numbers lie below {@code width}.
   */
  private void fold(ColumnVector column) {
    long low = Long.MAX_VALUE;
    long high = Long.MIN_VALUE;
    for (int run = 0; run < runs; run++) {
      long value = value(column, starts[run]);
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    // Negative where it overflows.
    long range = high - low + 1;
    if (range > 0 && range <= TABLE / width) {
      for (int run = 0; run < runs; run++) {
        local[run] = local[run] * (int) range + (int) (value(column, starts[run]) - low);
      }
      width *= (int) range;
      return;
    }
    LongIntMap values = new LongIntMap(runs);
    LongIntMap pairs = new LongIntMap(runs);
    for (int run = 0; run < runs; run++) {
      int value = values.putIfAbsent(value(column, starts[run]), values.size());
      local[run] = pairs.putIfAbsent((long) local[run] << 32 | value, pairs.size());
    }
    width = pairs.size();
  }

  /** Makes the local numbers dense, in order of appearance. */
  private void collect() {
    keys = 0;
    if (width <= TABLE) {
      Arrays.fill(table, 0, width, -1);
      for (int run = 0; run < runs; run++) {
        int number = table[local[run]];
        if (number < 0) {
          number = keys;
          table[local[run]] = number;
          remember(run);
        }
        local[run] = number;
      }
      return;
    }
    // Numbers out of a map are dense already.
    for (int run = 0; run < runs; run++) {
      if (local[run] == keys) {
        remember(run);
      }
    }
  }

  private void remember(int run) {
    if (keys == example.length) {
      example = Arrays.copyOf(example, 2 * keys);
    }
    example[keys++] = run;
  }

  int runs() {
    return runs;
  }

  int firstRow(int run) {
    return starts[run];
  }

  int endRow(int run) {
    return starts[run + 1];
  }

  /** Which of the batch's keys a run has, from 0. */
  int key(int run) {
    return local[run];
  }

  /** Which of the batch's keys a row has. */
  int keyOf(int row) {
    int found = Arrays.binarySearch(starts, 0, runs, row);
    return local[found >= 0 ? found : -found - 2];
  }

  /** How many different keys there are. */
  int keys() {
    return keys;
  }

  /** The number of each of the batch's keys. */
  int[] numbers(List<ColumnVector> columns, Lookup lookup) {
    int[] numbers = new int[keys];
    for (int key = 0; key < keys; key++) {
      int row = starts[example[key]];
      bytes.clear();
      for (int c = 0; c < columns.size(); c++) {
        if (columns.get(c) instanceof ColumnVector.Texts texts) {
          bytes.text(texts.dictionary().get(texts.code(row)));
        } else {
          bytes.integer(((ColumnVector.Longs) columns.get(c)).value(row));
        }
      }
      numbers[key] = lookup.number(bytes);
    }
    return numbers;
  }
}
