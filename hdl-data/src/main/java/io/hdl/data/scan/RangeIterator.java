package io.hdl.data.scan;

import io.hdl.data.parquet.ColumnDecoder;
import io.hdl.data.parquet.ColumnDecoder.DataFileReader;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;

/**
 * Cuts files into ranges of rows, file by file as they open: waits for a file only when all ranges
 * of those before it are taken.
 */
final class RangeIterator implements Iterator<ScanRange> {
  private final OpenFiles files;
  private final long step;
  private final Queue<ScanRange> next = new ArrayDeque<>();
  private int file;
  private int number;

  RangeIterator(OpenFiles files, long maxRows) {
    this.files = files;
    // Whole batches.
    this.step =
        (maxRows + ColumnDecoder.BATCH_ROWS - 1)
            / ColumnDecoder.BATCH_ROWS
            * ColumnDecoder.BATCH_ROWS;
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty() && file < files.count()) {
      cut(file, files.get(file).reader());
      file++;
    }
    return !next.isEmpty();
  }

  private void cut(int of, DataFileReader reader) {
    for (int group = 0; group < reader.rowGroups(); group++) {
      long rows = reader.rows(group);
      for (long row = 0; row < rows; row += step) {
        next.add(new ScanRange(number++, of, group, row, Math.min(rows, row + step)));
      }
    }
  }

  @Override
  public ScanRange next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return next.remove();
  }
}
