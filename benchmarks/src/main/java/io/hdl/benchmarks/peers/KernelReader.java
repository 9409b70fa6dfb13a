package io.hdl.benchmarks.peers;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.hdl.data.scan.FloatColumns;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Reads with Delta Kernel's own reader, batch by batch through its column API. */
final class KernelReader {
  private static final Engine ENGINE = DefaultEngine.create(new Configuration(false));

  private KernelReader() {}

  static long read(Path table, int threads, FloatColumns into) throws IOException {
    Snapshot snapshot = TableManager.loadSnapshot(table.toString()).build(ENGINE);
    StructType wanted = new StructType();
    for (String name : SalesColumns.NUMBERS) {
      wanted = wanted.add(snapshot.getSchema().get(name));
    }
    Scan scan = snapshot.getScanBuilder().withReadSchema(wanted).build();
    Row state = scan.getScanState(ENGINE);
    StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
    int rows = 0;
    try (CloseableIterator<FilteredColumnarBatch> files = scan.getScanFiles(ENGINE)) {
      while (files.hasNext()) {
        try (CloseableIterator<Row> adds = files.next().getRows()) {
          while (adds.hasNext()) {
            rows = read(adds.next(), state, physical, into, rows);
          }
        }
      }
    }
    return rows;
  }

  private static int read(Row add, Row state, StructType physical, FloatColumns into, int from)
      throws IOException {
    int rows = from;
    CloseableIterator<ColumnarBatch> data =
        ENGINE
            .getParquetHandler()
            .readParquetFiles(
                Utils.singletonCloseableIterator(InternalScanFileUtils.getAddFileStatus(add)),
                physical,
                Optional.empty())
            .map(result -> result.getData());
    try (CloseableIterator<FilteredColumnarBatch> batches =
        Scan.transformPhysicalData(ENGINE, state, add, data)) {
      while (batches.hasNext()) {
        ColumnarBatch batch = batches.next().getData();
        for (int c = 0; c < into.columns(); c++) {
          copy(batch.getColumnVector(c), into.column(c), rows);
        }
        rows += batch.getSize();
      }
    }
    return rows;
  }

  private static void copy(ColumnVector column, FloatBuffer into, int at) {
    DataType type = column.getDataType();
    for (int row = 0; row < column.getSize(); row++) {
      into.put(at + row, column.isNullAt(row) ? Float.NaN : value(column, type, row));
    }
  }

  private static float value(ColumnVector column, DataType type, int row) {
    return switch (type.toString()) {
      case "integer", "date" -> column.getInt(row);
      case "long" -> column.getLong(row);
      case "float" -> column.getFloat(row);
      case "double" -> (float) column.getDouble(row);
      case "boolean" -> column.getBoolean(row) ? 1 : 0;
      default -> throw new IllegalArgumentException(type.toString());
    };
  }
}
