package io.hdl.data.scan;

import io.hdl.data.delta.DataFile;
import io.hdl.data.parquet.ColumnDecoder;
import io.hdl.data.parquet.FileColumn;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts for a scan's report. What tasks add is thread-safe, the rest belongs to the scan. */
final class ScanCounts {
  private final int files;
  private int filesSkipped;
  private long rowsSkipped;
  private long rowsDeleted;
  private long bytes;
  private long rowsRead;
  private final LongAdder rowsFiltered = new LongAdder();
  private final Map<String, String> fallbacks = new TreeMap<>();

  ScanCounts(int files) {
    this.files = files;
  }

  void skipped(DataFile file) {
    filesSkipped++;
    rowsSkipped += file.rows().orElse(0);
  }

  void opened(TableScan.OpenFile file) {
    rowsDeleted += file.deleted().count();
    bytes += file.file().size();
  }

  void readBegins() {
    rowsFiltered.reset();
    rowsRead = 0;
  }

  void fallbacks(ColumnDecoder.DataFileReader reader, List<FileColumn> columns) {
    for (FileColumn column : columns) {
      if (!fallbacks.containsKey(column.name())) {
        reader.fallback(column).ifPresent(reason -> fallbacks.put(column.name(), reason));
      }
    }
  }

  void filtered(long rows) {
    rowsFiltered.add(rows);
  }

  long readEnds(long rows) {
    rowsRead = rows;
    return rows;
  }

  ReadReport report() {
    return new ReadReport(
        files,
        filesSkipped,
        rowsSkipped,
        rowsDeleted,
        rowsFiltered.sum(),
        rowsRead,
        bytes,
        fallbacks);
  }
}
