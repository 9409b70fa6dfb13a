package io.hdl.data.scan;

import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.filter.Filter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Rows of a table as plain values, in the order of the table's files. */
record ScannedRows(List<@Nullable Object[]> rows, ReadReport report) {
  static ScannedRows read(
      TableSnapshot snapshot, List<String> columns, Filter filter, int threads) {
    Map<String, ColumnType> types = TableScan.types(snapshot, columns);
    Map<Long, List<@Nullable Object[]>> batches = new ConcurrentSkipListMap<>();
    ReadReport report;
    try (TableScan scan = TableScan.open(snapshot, filter, threads, () -> {})) {
      long count =
          scan.read(
              ScanColumn.values(columns),
              (number, batch) -> batches.put(number, values(batch, columns, types)));
      report = scan.report();
      if (count != report.rowsRead()) {
        throw new AssertionError(count + " rows, the report says " + report.rowsRead());
      }
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    new TreeMap<>(batches).values().forEach(rows::addAll);
    return new ScannedRows(rows, report);
  }

  private static List<@Nullable Object[]> values(
      ColumnBatch batch, List<String> columns, Map<String, ColumnType> types) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      @Nullable Object[] values = new @Nullable Object[columns.size()];
      for (int c = 0; c < values.length; c++) {
        ColumnVector vector = batch.columns().get(c);
        values[c] = vector.isNull(row) ? null : value(vector, row, types.get(columns.get(c)));
      }
      rows.add(values);
    }
    return rows;
  }

  private static @Nullable Object value(ColumnVector vector, int row, @Nullable ColumnType type) {
    if (vector instanceof ColumnVector.Longs longs) {
      return longs.value(row);
    }
    if (vector instanceof ColumnVector.Doubles doubles) {
      boolean single = type != null && type.kind() == ColumnType.Kind.FLOAT;
      return single ? (Object) (float) doubles.value(row) : (Object) doubles.value(row);
    }
    if (vector instanceof ColumnVector.Decimals decimals) {
      BigDecimal value = decimals.value(row);
      return value;
    }
    if (vector instanceof ColumnVector.Texts texts) {
      return texts.dictionary().get(texts.code(row));
    }
    return "bytes";
  }
}
