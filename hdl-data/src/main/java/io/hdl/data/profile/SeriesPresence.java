package io.hdl.data.profile;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Notes for which times each series has a row. Takes batches of several threads, one by one. */
final class SeriesPresence {
  private static final int MAX_TIMES = 200_000;
  private static final long MAX_CELLS = 1L << 31;

  private final ProfileSpec.SeriesKeys columns;
  private final List<ColumnType> types;
  // Per key column: its texts, or none where the values are numbers.
  private final List<Map<String, Integer>> textIds = new ArrayList<>();
  private final List<List<String>> texts = new ArrayList<>();
  private final List<IdTable> numbers = new ArrayList<>();
  // The keys as a chain: the id of the columns up to one, then the next column's value.
  private final List<IdTable> chain = new ArrayList<>();
  private final IdTable times = new IdTable();
  private final List<BitSet> present = new ArrayList<>();
  private long rows;
  private long duplicates;
  private long incomplete;

  /**
   * Checks the columns.
   *
   * @param types of the keys, then of the time
   */
  SeriesPresence(ProfileSpec.SeriesKeys columns, List<ColumnType> types) {
    this.columns = columns;
    this.types = List.copyOf(types);
    for (int key = 0; key < columns.keys().size(); key++) {
      boolean number =
          types.get(key).isInteger()
              || types.get(key).kind() == ColumnType.Kind.DATE
              || types.get(key).kind() == ColumnType.Kind.BOOLEAN;
      if (!number && types.get(key).kind() != ColumnType.Kind.STRING) {
        throw wrong(columns.keys().get(key), types.get(key), "a key: integer, string or date");
      }
      textIds.add(new HashMap<>());
      texts.add(new ArrayList<>());
      numbers.add(new IdTable());
      chain.add(new IdTable());
    }
    ColumnType time = types.get(types.size() - 1);
    switch (time.kind()) {
      case BYTE, SHORT, INTEGER, LONG, DATE, TIMESTAMP, TIMESTAMP_NTZ -> {}
      default ->
          throw wrong(
              columns.time(), time, "a time: date, timestamp, or an integer such as a week");
    }
  }

  private static HdlException wrong(String column, ColumnType type, String expected) {
    return new HdlException(
        ErrorCode.SCHEMA_MISMATCH,
        "Cannot take column \"" + column + "\" of type " + type + " (expected: " + expected + ").");
  }

  /** Adds the rows of a batch: the key columns, then the time. */
  synchronized void add(List<ColumnVector> batch) {
    int keys = columns.keys().size();
    int[][] values = new int[keys][];
    for (int key = 0; key < keys; key++) {
      values[key] = ids(key, batch.get(key));
    }
    ColumnVector.Longs time = (ColumnVector.Longs) batch.get(keys);
    for (int row = 0; row < time.size(); row++) {
      int series = 0;
      for (int key = 0; key < keys && series >= 0; key++) {
        int value = values[key][row];
        series = value < 0 ? -1 : chain.get(key).id((long) series << 32 | value);
      }
      if (series < 0 || time.isNull(row)) {
        incomplete++;
        continue;
      }
      if (series == present.size()) {
        present.add(new BitSet());
      }
      int at = times.id(time.value(row));
      BitSet bits = present.get(series);
      if (bits.get(at)) {
        duplicates++;
      }
      bits.set(at);
      rows++;
    }
    checkSize();
  }

  private int[] ids(int key, ColumnVector column) {
    int[] ids = new int[column.size()];
    if (column instanceof ColumnVector.Texts text) {
      int[] known = new int[text.dictionary().size()];
      Arrays.fill(known, -1);
      for (int row = 0; row < ids.length; row++) {
        int code = text.code(row);
        if (code >= 0 && known[code] < 0) {
          known[code] = textId(key, text.dictionary().get(code));
        }
        ids[row] = code < 0 ? -1 : known[code];
      }
    } else {
      ColumnVector.Longs longs = (ColumnVector.Longs) column;
      for (int row = 0; row < ids.length; row++) {
        ids[row] = longs.isNull(row) ? -1 : numbers.get(key).id(longs.value(row));
      }
    }
    return ids;
  }

  private int textId(int key, String text) {
    Integer id = textIds.get(key).putIfAbsent(text, texts.get(key).size());
    if (id == null) {
      texts.get(key).add(text);
      return texts.get(key).size() - 1;
    }
    return id;
  }

  private void checkSize() {
    if (times.size() > MAX_TIMES || (long) times.size() * present.size() > MAX_CELLS) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot look for gaps by "
              + columns.keys()
              + " and \""
              + columns.time()
              + "\": more than "
              + present.size()
              + " series and "
              + times.size()
              + " different times. Choose a time column with a regular step, or fewer keys.");
    }
  }

  private String text(int key, int value) {
    if (types.get(key).kind() == ColumnType.Kind.STRING) {
      return texts.get(key).get(value);
    }
    long number = numbers.get(key).key(value);
    return switch (types.get(key).kind()) {
      case DATE -> PlainText.date(number);
      case BOOLEAN -> Boolean.toString(number != 0);
      default -> Long.toString(number);
    };
  }

  private List<String> key(int series) {
    String[] parts = new String[columns.keys().size()];
    int id = series;
    for (int key = parts.length - 1; key >= 0; key--) {
      long link = chain.get(key).key(id);
      parts[key] = text(key, (int) link);
      id = (int) (link >>> 32);
    }
    return List.of(parts);
  }

  /** What was found, series and times in ascending order. */
  synchronized SeriesGaps gaps() {
    long[] sorted = new long[times.size()];
    for (int id = 0; id < sorted.length; id++) {
      sorted[id] = times.key(id);
    }
    Arrays.sort(sorted);
    int[] position = new int[sorted.length];
    for (int id = 0; id < position.length; id++) {
      position[id] = Arrays.binarySearch(sorted, times.key(id));
    }
    List<SeriesGaps.Series> series = new ArrayList<>();
    for (int id = 0; id < present.size(); id++) {
      BitSet inOrder = new BitSet(sorted.length);
      present.get(id).stream().forEach(at -> inOrder.set(position[at]));
      present.set(id, new BitSet(0));
      series.add(new SeriesGaps.Series(key(id), inOrder));
    }
    ColumnType time = types.get(types.size() - 1);
    return new SeriesGaps(
        columns.keys(), columns.time(), time, sorted, series, rows, duplicates, incomplete);
  }
}
