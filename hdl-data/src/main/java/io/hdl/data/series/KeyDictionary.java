package io.hdl.data.series;

import io.hdl.data.column.ColumnVector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers the keys that occur in a table. Numbers are given in order of arrival, which threads may
 * change from run to run; {@link #sorted} does not. Thread-safe.
 */
final class KeyDictionary {
  private final Map<List<Object>, Integer> numbers = new HashMap<>();
  private final List<List<Object>> keys = new ArrayList<>();

  /** The number of each row's key; -1 where a part of the key is null. */
  int[] numbers(List<ColumnVector> columns, int rows) {
    int[] local = new int[rows];
    boolean[] nulls = new boolean[rows];
    for (int c = 0; c < columns.size(); c++) {
      fold(columns.get(c), c == 0, local, nulls);
    }
    // Local numbers are dense and given in order, so a new one is always the next.
    List<Integer> global = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      if (local[row] == global.size()) {
        global.add(nulls[row] ? -1 : number(columns, row));
      }
      local[row] = nulls[row] ? -1 : global.get(local[row]);
    }
    return local;
  }

  /** Replaces each row's number by one for the pair of that number and the column's value. */
  private static void fold(ColumnVector column, boolean first, int[] local, boolean[] nulls) {
    LongIntMap values = new LongIntMap();
    LongIntMap pairs = new LongIntMap();
    for (int row = 0; row < local.length; row++) {
      if (column.isNull(row)) {
        nulls[row] = true;
      }
      int value =
          column instanceof ColumnVector.Texts texts
              ? texts.code(row) + 1
              : values.putIfAbsent(((ColumnVector.Longs) column).value(row), values.size());
      long pair = (first ? 0L : (long) local[row] << 32) | value;
      // A null's value is like any other here; the key is dropped at the end. It must not share a
      // number with a key, so null rows get the pair's sign.
      local[row] = pairs.putIfAbsent(nulls[row] ? ~pair : pair, pairs.size());
    }
  }

  private synchronized int number(List<ColumnVector> columns, int row) {
    List<Object> key = new ArrayList<>(columns.size());
    for (ColumnVector column : columns) {
      if (column instanceof ColumnVector.Texts texts) {
        key.add(texts.dictionary().get(texts.code(row)));
      } else {
        key.add(((ColumnVector.Longs) column).value(row));
      }
    }
    Integer known = numbers.get(key);
    if (known != null) {
      return known;
    }
    numbers.put(key, keys.size());
    keys.add(key);
    return keys.size() - 1;
  }

  synchronized int size() {
    return keys.size();
  }

  synchronized SeriesKey key(int number) {
    return new SeriesKey(keys.get(number).stream().map(String::valueOf).toList());
  }

  /** All numbers in the order of their keys: integers by value, texts by their characters. */
  synchronized int[] sorted() {
    Comparator<Integer> byKey = (a, b) -> compare(keys.get(a), keys.get(b));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      order.add(i);
    }
    order.sort(byKey);
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int compare(List<Object> a, List<Object> b) {
    for (int i = 0; i < a.size(); i++) {
      int order =
          a.get(i) instanceof Long number
              ? number.compareTo((Long) b.get(i))
              : ((String) a.get(i)).compareTo((String) b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
