package io.hdl.data.scan;

/**
 * A range of rows of one row group, which a scan reads as one piece.
 *
 * @param number its number among the ranges of the scan, from 0
 * @param file number of the file in the scan
 * @param rowGroup number of the row group in the file
 * @param fromRow first row in the row group, deleted ones counted
 * @param toRow one past the last row
 */
public record ScanRange(int number, int file, int rowGroup, long fromRow, long toRow) {
  private static final int BATCH_BITS = 32;

  /** Number of the first batch of this range; those that follow count up from it. */
  public long firstBatch() {
    return (long) number << BATCH_BITS;
  }

  /** The number of the range that a batch belongs to. */
  public static int ofBatch(long batch) {
    return (int) (batch >>> BATCH_BITS);
  }
}
