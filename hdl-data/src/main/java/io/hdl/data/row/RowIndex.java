package io.hdl.data.row;

import io.hdl.data.scan.ScanRange;
import io.hdl.data.series.Part;
import java.util.List;
import java.util.Map;

/**
 * What is known of a table's rows after one look at all of them: how many of each range belong to
 * each part, and the texts behind codes. Takes 24 bytes per range of 65,536 rows. Immutable.
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record RowIndex(
    List<ScanRange> ranges,
    int[][] counts,
    long[] firstRows,
    Map<String, List<String>> vocabularies,
    long rows,
    long withoutLabel,
    long withoutTime) {
  /** Rows of a part in a range. */
  int count(int range, Part part) {
    return counts[range][RowParts.number(part)];
  }

  /** Rows of a part. */
  long count(Part part) {
    long count = 0;
    for (int[] range : counts) {
      count += range[RowParts.number(part)];
    }
    return count;
  }
}
