package io.hdl.data.row;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.scan.ScanRange;
import io.hdl.data.scan.TableScan;
import io.hdl.data.series.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings the rows of a part out of ranges of the table into memory. Thread-safe: one load after
 * another, each by the scan's threads in parallel.
 */
final class RowTable {
  private final TableScan scan;
  private final RowParts parts;
  private final RowIndex index;
  private final RowReading reading;
  private final List<RowValues> features = new ArrayList<>();
  private final List<RowValues> labels = new ArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();

  RowTable(TableScan scan, RowColumns columns, RowParts parts, RowIndex index) {
    this.scan = scan;
    this.parts = parts;
    this.index = index;
    this.reading = RowReading.values(columns);
    RowSpec spec = columns.spec();
    spec.features().forEach(column -> features.add(values(column)));
    spec.labels().forEach(column -> labels.add(values(column)));
  }

  private RowValues values(String column) {
    return new RowValues(index.vocabularies().getOrDefault(column, List.of()));
  }

  RowIndex index() {
    return index;
  }

  int features() {
    return features.size();
  }

  int labels() {
    return labels.size();
  }

  /**
   * Loads the rows of a part, range by range in the order given, the rows of a range in the order
   * of the table.
   *
   * @param ranges numbers of the ranges
   * @param check called before each batch; may throw
   */
  void load(int[] ranges, Part part, RowBlock into, Runnable check) {
    int[] next = new int[index.ranges().size()];
    int[] ends = new int[next.length];
    int at = 0;
    List<ScanRange> wanted = new ArrayList<>(ranges.length);
    for (int range : ranges) {
      next[range] = at;
      at += index.count(range, part);
      ends[range] = at;
      wanted.add(index.ranges().get(range));
    }
    long[] passed = new long[next.length];
    lock.lock();
    try {
      scan.read(
          reading.columns(),
          wanted,
          (number, batch) -> {
            check.run();
            // A range's batches come one after another, so these places are the task's own.
            int range = ScanRange.ofBatch(number);
            long firstRow = index.firstRows()[range] + passed[range];
            next[range] = take(batch, part, firstRow, into, next[range], ends[range]);
            passed[range] += batch.rows();
          });
    } finally {
      lock.unlock();
    }
    for (int range : ranges) {
      if (next[range] != ends[range]) {
        throw changed();
      }
    }
    into.size(at);
  }

  private static HdlException changed() {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "The data files hold other rows than when the table was opened. Open it again.");
  }

  private int take(ColumnBatch batch, Part part, long firstRow, RowBlock into, int from, int end) {
    byte[] ofRows = parts.of(reading.deciding(batch), batch.rows());
    List<float[]> labelValues = new ArrayList<>(labels.size());
    boolean[] missing = new boolean[batch.rows()];
    List<ColumnVector> labelVectors = reading.labels(batch);
    for (int i = 0; i < labels.size(); i++) {
      float[] values = labels.get(i).of(labelVectors.get(i));
      addMissing(values, missing);
      labelValues.add(values);
    }
    RowSurvey.leaveOut(missing, ofRows);
    byte wanted = RowParts.number(part);
    int[] chosen = new int[batch.rows()];
    int count = 0;
    for (int row = 0; row < chosen.length; row++) {
      chosen[count] = row;
      count += ofRows[row] == wanted ? 1 : 0;
    }
    if (count > end - from) {
      throw changed();
    }
    List<ColumnVector> featureVectors = reading.features(batch);
    for (int i = 0; i < features.size(); i++) {
      into.putFeature(i, from, features.get(i).of(featureVectors.get(i)), chosen, count);
    }
    for (int i = 0; i < labels.size(); i++) {
      into.putLabel(i, from, labelValues.get(i), chosen, count);
    }
    into.putNumbers(from, firstRow, chosen, count);
    return from + count;
  }

  /** Notes where values are missing. */
  static void addMissing(float[] values, boolean[] missing) {
    for (int row = 0; row < values.length; row++) {
      missing[row] |= Float.isNaN(values[row]);
    }
  }
}
