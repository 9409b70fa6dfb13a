package io.hdl.data.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.UnsupportedTableFeatureException;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.tablefeatures.TableFeatures;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a snapshot's files through Delta Kernel. The one place that uses its internal classes. */
final class KernelLog {
  private KernelLog() {}

  static KernelSchema.Mapping mapping(Snapshot snapshot) {
    Row state = snapshot.getScanBuilder().build().getScanState(KernelEngine.get());
    return switch (ScanStateRow.getColumnMappingMode(state)) {
      case NONE -> KernelSchema.Mapping.NONE;
      case NAME -> KernelSchema.Mapping.NAME;
      case ID -> KernelSchema.Mapping.ID;
    };
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

  static List<DataFile> files(Snapshot snapshot, Path root) {
    ScanImpl scan = (ScanImpl) snapshot.getScanBuilder().build();
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> batches =
        scan.getScanFiles(KernelEngine.get(), true)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            files.add(file(rows.next(), root));
          }
        }
      }
    } catch (IOException e) {
      throw new KernelEngineException("reading the log", e);
    }
    return files;
  }

  private static DataFile file(Row row, Path root) {
    FileStatus status = InternalScanFileUtils.getAddFileStatus(row);
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
        LocalFileIO.path(status.getPath()),
        status.getSize(),
        values,
        FileStatistics.of(add.isNullAt(stats) ? null : add.getString(stats)),
        vector == null
            ? Optional.empty()
            : Optional.of(new DeletionVector(root.toString(), vector)));
  }
}
