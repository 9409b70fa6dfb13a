package io.hdl.benchmarks.peers;

import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.scan.FloatColumns;
import io.hdl.data.scan.TableScan;
import java.nio.file.Path;

/** Reads with hdl: the Delta log, the files' footers and the columns. */
final class HdlReader {
  private HdlReader() {}

  /** Into memory that is there already. */
  static long read(Path table, int threads, FloatColumns into) {
    TableSnapshot snapshot = TableSnapshot.open(table, TableVersion.latest());
    try (TableScan scan = TableScan.open(snapshot, threads, () -> {})) {
      scan.floats(SalesColumns.NUMBERS, into);
    }
    return into.rows();
  }

  /** Into memory that is reserved on the way. */
  static long readFresh(Path table, int threads, FloatColumns unused) {
    TableSnapshot snapshot = TableSnapshot.open(table, TableVersion.latest());
    try (TableScan scan = TableScan.open(snapshot, threads, () -> {});
        FloatColumns columns = scan.floats(SalesColumns.NUMBERS)) {
      return columns.rows();
    }
  }
}
