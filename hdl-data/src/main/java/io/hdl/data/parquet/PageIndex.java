package io.hdl.data.parquet;

import java.util.Arrays;

/** Where the data pages of a column chunk lie, and which rows they hold. */
final class PageIndex {
  private long[] offsets = new long[64];
  private long[] rows = new long[64];
  private int pages;

  /** Adds the next page. */
  void add(long offset, long firstRow) {
    if (pages == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * pages);
      rows = Arrays.copyOf(rows, 2 * pages);
    }
    offsets[pages] = offset;
    rows[pages++] = firstRow;
  }

  /** The page that holds a row. */
  int page(long row) {
    int found = Arrays.binarySearch(rows, 0, pages, row);
    return found >= 0 ? found : -found - 2;
  }

  long offset(int page) {
    return offsets[page];
  }

  long firstRow(int page) {
    return rows[page];
  }
}
