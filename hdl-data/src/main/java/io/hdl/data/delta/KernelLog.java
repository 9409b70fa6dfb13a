package io.hdl.data.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.UnsupportedTableFeatureException;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.lang.Lazy;
import io.delta.kernel.internal.metrics.ScanMetrics;
import io.delta.kernel.internal.replay.LogReplay;
import io.delta.kernel.internal.tablefeatures.TableFeatures;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.hdl.data.column.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a snapshot's files through Delta Kernel. The one place that uses its internal classes. */
final class KernelLog {
  private KernelLog() {}

  /** The columns of a version's schema. */
  static List<Column> columns(Snapshot snapshot, String table) {
    Metadata metadata = ((SnapshotImpl) snapshot).getMetadata();
    return DeltaSchema.columns(metadata.getSchemaString(), metadata.getConfiguration(), table);
  }

  /** Whether Delta Kernel has never heard of a table feature. */
  static boolean isUnknownFeature(String name) {
    try {
      TableFeatures.getTableFeature(name);
      return false;
    } catch (UnsupportedTableFeatureException e) {
      return true;
    }
  }

  /** A commit of a version that has no bytes, if there is one among those that make it up. */
  static Optional<String> emptyCommit(Snapshot snapshot) {
    return ((SnapshotImpl) snapshot)
        .getLogSegment().getDeltas().stream()
            .filter(commit -> commit.getSize() == 0)
            .map(FileStatus::getPath)
            .findFirst();
  }

  static List<DataFile> files(Snapshot snapshot, Engine engine, TableFiles table) {
    // Kernel's scan would parse the schema and stop at a type that it does not know; the files
    // are there whatever the types.
    SnapshotImpl found = (SnapshotImpl) snapshot;
    LogReplay replay =
        new LogReplay(
            engine, found.getDataPath(), found.getLazyLogSegment(), new Lazy<>(Optional::empty));
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> batches =
        replay.getAddFilesAsColumnarBatches(
            engine, true, Optional.empty(), new ScanMetrics(), Optional.empty())) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            files.add(file(rows.next(), table));
          }
        }
      }
    } catch (IOException e) {
      throw new KernelEngineException("reading the log", e);
    }
    return files;
  }

  private static DataFile file(Row row, TableFiles table) {
    Map<String, String> values = new HashMap<>();
    InternalScanFileUtils.getPartitionValues(row)
        .forEach(
            (name, value) -> {
              if (value != null) {
                values.put(name, value);
              }
            });
    DeletionVectorDescriptor vector = InternalScanFileUtils.getDeletionVectorDescriptorFromRow(row);
    Row add = row.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
    int stats = InternalScanFileUtils.ADD_FILE_STATS_ORDINAL;
    return new DataFile(
        table.resolve(add.getString(add.getSchema().indexOf("path"))),
        add.getLong(add.getSchema().indexOf("size")),
        values,
        FileStatistics.of(add.isNullAt(stats) ? null : add.getString(stats)),
        vector == null ? Optional.empty() : Optional.of(new DeletionVector(table, vector)));
  }
}
