package io.hdl.benchmarks.peers;

import io.delta.standalone.DeltaLog;
import io.delta.standalone.data.CloseableIterator;
import io.delta.standalone.data.RowRecord;
import io.hdl.data.scan.FloatColumns;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Reads with delta-standalone's rows. */
final class StandaloneReader {
  private StandaloneReader() {}

  static long read(Path table, int threads, FloatColumns into) throws IOException {
    List<FloatBuffer> columns = new ArrayList<>();
    for (int c = 0; c < into.columns(); c++) {
      columns.add(into.column(c));
    }
    DeltaLog log = DeltaLog.forTable(new Configuration(false), table.toString());
    int rows = 0;
    try (CloseableIterator<RowRecord> records = log.snapshot().open()) {
      while (records.hasNext()) {
        RowRecord record = records.next();
        for (int c = 0; c < columns.size(); c++) {
          columns.get(c).put(rows, value(record, SalesColumns.NUMBERS.get(c)));
        }
        rows++;
      }
    }
    return rows;
  }

  private static float value(RowRecord record, String name) {
    if (record.isNullAt(name)) {
      return Float.NaN;
    }
    return switch (String.valueOf(SalesColumns.TYPES.get(name))) {
      case "integer" -> record.getInt(name);
      case "date" -> record.getDate(name).toLocalDate().toEpochDay();
      case "long" -> record.getLong(name);
      case "float" -> record.getFloat(name);
      case "double" -> (float) record.getDouble(name);
      case "boolean" -> record.getBoolean(name) ? 1 : 0;
      default -> throw new IllegalArgumentException(name);
    };
  }
}
