package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnBatch;
import java.util.Map;
import java.util.TreeMap;

/** Counts the rows that repeat the key and time of another, and names one. Thread-safe. */
final class RepeatedRows {
  /** Words a place for people. */
  interface Words {
    String of(int key, int step);
  }

  private static final int MAX_EXAMPLES = 1000;

  private final RowIndex rows;
  private final LongPages cells;
  private final LongPages seen;
  private final Words words;
  private final RowIndex.Places places = new RowIndex.Places();
  // Row counts of the steps that have more than one, by key and step.
  private final Map<String, Long> repeated = new TreeMap<>();
  private long count;

  /**
   * Begins with no rows.
   *
   * @param cells by key, where its steps begin when all are numbered
   * @param total number of all steps
   */
  RepeatedRows(RowIndex rows, LongPages cells, long total, PageSource scratch, Words words) {
    this.rows = rows;
    this.cells = cells;
    this.seen = new LongPages(scratch);
    this.words = words;
    seen.grow((total + 63) >>> 6);
  }

  /** Takes a batch with the key columns and the time column. */
  synchronized void add(ColumnBatch columns) {
    rows.places(columns, places);
    for (int row = 0; row < columns.rows(); row++) {
      long cell = cells.get(places.key(row)) + places.step(row);
      long bit = 1L << cell;
      long word = seen.get(cell >>> 6);
      if ((word & bit) != 0) {
        count++;
        String place = words.of(places.key(row), places.step(row));
        if (repeated.size() < MAX_EXAMPLES || repeated.containsKey(place)) {
          repeated.merge(place, 2L, (a, b) -> a + 1);
        }
      }
      seen.set(cell >>> 6, word | bit);
    }
  }

  /** What to say of them. */
  synchronized HdlException failure() {
    Map.Entry<String, Long> example = repeated.entrySet().iterator().next();
    return new HdlException(
        ErrorCode.INVALID_DATA,
        "Cannot make series: "
            + count
            + (count == 1 ? " row repeats" : " rows repeat")
            + " the key and time of another row, for instance "
            + example.getKey()
            + " ("
            + example.getValue()
            + " rows). Add the columns that tell them apart to the key, or aggregate the rows"
            + " where the table is written.");
  }
}
