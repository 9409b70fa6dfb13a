package io.hdl.data.series;

import io.hdl.data.column.ColumnVector;
import java.util.Arrays;
import java.util.List;

/**
 * The keys of a batch: consecutive rows with the same key are one run, so that a key is looked up
 * once for all of them where rows come series by series. Belongs to one thread.
 */
final class KeyRuns {
  /** Tells the number of a key that occurs in the batch, once per key. */
  interface Lookup {
    int number(KeyBytes key);
  }

  private final List<ColumnVector> columns;
  // First row of each run; behind the last one the number of rows.
  private final int[] starts;
  private final int runs;
  // By run: which of the batch's keys it has.
  private final int[] local;
  // By key of the batch: a run that has it.
  private int[] example = new int[16];
  private int keys;

  private KeyRuns(List<ColumnVector> columns, int[] starts, int runs) {
    this.columns = columns;
    this.starts = starts;
    this.runs = runs;
    this.local = new int[runs];
  }

  /**
   * Finds the runs.
   *
   * @param columns the key columns, without nulls
   */
  static KeyRuns of(List<ColumnVector> columns, int rows) {
    boolean[] begins = new boolean[rows];
    for (ColumnVector column : columns) {
      mark(column, begins);
    }
    int[] starts = new int[rows + 1];
    int runs = 0;
    for (int row = 0; row < rows; row++) {
      starts[runs] = row;
      if (begins[row] || row == 0) {
        runs++;
      }
    }
    starts[runs] = rows;
    KeyRuns found = new KeyRuns(columns, starts, runs);
    for (int c = 0; c < columns.size(); c++) {
      found.fold(columns.get(c), c == 0);
    }
    found.collect();
    return found;
  }

  private static void mark(ColumnVector column, boolean[] begins) {
    if (column instanceof ColumnVector.Texts texts) {
      for (int row = 1; row < begins.length; row++) {
        begins[row] |= texts.code(row) != texts.code(row - 1);
      }
      return;
    }
    ColumnVector.Longs longs = (ColumnVector.Longs) column;
    for (int row = 1; row < begins.length; row++) {
      begins[row] |= longs.value(row) != longs.value(row - 1);
    }
  }

  /** Replaces each run's number by one for the pair of that number and the column's value. */
  private void fold(ColumnVector column, boolean first) {
    LongIntMap values = new LongIntMap();
    LongIntMap pairs = new LongIntMap();
    for (int run = 0; run < runs; run++) {
      int row = starts[run];
      int value =
          column instanceof ColumnVector.Texts texts
              ? texts.code(row)
              : values.putIfAbsent(((ColumnVector.Longs) column).value(row), values.size());
      if (first) {
        local[run] = value;
      } else {
        local[run] = pairs.putIfAbsent((long) local[run] << 32 | value, pairs.size());
      }
    }
  }

  /** Makes the local numbers dense, in order of appearance. */
  private void collect() {
    LongIntMap dense = new LongIntMap();
    for (int run = 0; run < runs; run++) {
      int number = dense.putIfAbsent(local[run], dense.size());
      local[run] = number;
      if (number == keys) {
        if (keys == example.length) {
          example = Arrays.copyOf(example, 2 * keys);
        }
        example[keys++] = run;
      }
    }
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

  /** How many different keys there are. */
  int keys() {
    return keys;
  }

  /** The number of each of the batch's keys. */
  int[] numbers(Lookup lookup) {
    KeyBytes bytes = new KeyBytes();
    int[] numbers = new int[keys];
    for (int key = 0; key < keys; key++) {
      int row = starts[example[key]];
      bytes.clear();
      for (ColumnVector column : columns) {
        if (column instanceof ColumnVector.Texts texts) {
          bytes.text(texts.dictionary().get(texts.code(row)));
        } else {
          bytes.integer(((ColumnVector.Longs) column).value(row));
        }
      }
      numbers[key] = lookup.number(bytes);
    }
    return numbers;
  }
}
