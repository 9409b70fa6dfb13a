package io.hdl.data.scan;

import io.hdl.data.column.ColumnBounds;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.delta.DataFile;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.filter.BoundFilter;
import io.hdl.data.filter.Filter;
import io.hdl.data.parquet.FileColumn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a filter means for a table's files: by their partition values exactly, by their statistics
 * as far as these reach. Immutable and thread-safe.
 */
final class FilePruning {
  private final TableSnapshot snapshot;
  private final List<FileColumn> columns;
  private final BoundFilter filter;

  private FilePruning(TableSnapshot snapshot, List<FileColumn> columns, BoundFilter filter) {
    this.snapshot = snapshot;
    this.columns = columns;
    this.filter = filter;
  }

  /**
   * Binds a filter to a table's columns.
   *
   * @throws io.hdl.core.error.HdlException with {@code SCHEMA_MISMATCH} if there is no such column,
   *     or one that a literal cannot be compared with
   */
  static FilePruning of(TableSnapshot snapshot, Filter filter) {
    List<FileColumn> columns =
        TableColumns.find(snapshot, List.copyOf(filter.columns()), "the filter");
    Map<String, ColumnType> types = new LinkedHashMap<>();
    columns.forEach(column -> types.put(column.name(), column.type()));
    return new FilePruning(
        snapshot,
        columns,
        BoundFilter.of(filter, types, snapshot.uri() + " at version " + snapshot.version()));
  }

  /** The filter's columns, in the filter's order. */
  List<FileColumn> columns() {
    return columns;
  }

  BoundFilter filter() {
    return filter;
  }

  /** What the log tells of a file's rows. */
  BoundFilter.Outcome outcome(DataFile file) {
    List<ColumnBounds> bounds = new ArrayList<>(columns.size());
    for (FileColumn column : columns) {
      bounds.add(
          isPartition(snapshot, column)
              ? ofPartition(file, column)
              : file.statistics().bounds(column.path(), column.type()));
    }
    return filter.outcome(bounds);
  }

  static boolean isPartition(TableSnapshot snapshot, FileColumn column) {
    return column.path().size() == 1 && snapshot.partitionColumns().contains(column.name());
  }

  /** A partition's value as bounds of one row, which stands for all. */
  private static ColumnBounds ofPartition(DataFile file, FileColumn column) {
    ColumnVector one =
        PartitionValue.vector(
            column.name(), column.type(), file.partitionValues().get(column.path().get(0)), 1);
    boolean missing = one.isNull(0);
    Optional<Object> value = missing ? Optional.empty() : value(one);
    return new ColumnBounds(OptionalLong.of(1), OptionalLong.of(missing ? 1 : 0), value, value);
  }

  private static Optional<Object> value(ColumnVector one) {
    if (one instanceof ColumnVector.Longs longs) {
      return Optional.of(longs.value(0));
    }
    if (one instanceof ColumnVector.Doubles doubles) {
      // NaN is outside all bounds.
      return Double.isNaN(doubles.value(0)) ? Optional.empty() : Optional.of(doubles.value(0));
    }
    if (one instanceof ColumnVector.Decimals decimals) {
      BigDecimal value = decimals.value(0);
      return value == null ? Optional.empty() : Optional.of(value);
    }
    if (one instanceof ColumnVector.Texts texts) {
      return Optional.of(texts.dictionary().get(texts.code(0)));
    }
    return Optional.empty();
  }
}
