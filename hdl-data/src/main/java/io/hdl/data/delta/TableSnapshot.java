package io.hdl.data.delta;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.Column;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * A table at one version: its schema, and the files that hold its rows.
 *
 * @param uri address of the table
 * @param tableId the table's own id, from its metadata
 * @param version number of the version
 * @param timestamp when it was committed
 * @param columns the columns, in the table's order
 * @param partitionColumns names of the columns whose values stand in the log, not in the files
 * @param files the data files, in the order of the log
 * @param minReaderVersion the protocol's reader version
 * @param readerFeatures the protocol's reader features, sorted
 * @param reader the library that read the log
 * @param tableFiles hands out the files; open for as long as the table is
 */
public record TableSnapshot(
    String uri,
    String tableId,
    long version,
    Instant timestamp,
    List<Column> columns,
    List<String> partitionColumns,
    List<DataFile> files,
    int minReaderVersion,
    List<String> readerFeatures,
    LogReader reader,
    TableFiles tableFiles) {
  /** Copies the lists. */
  public TableSnapshot {
    columns = List.copyOf(columns);
    partitionColumns = List.copyOf(partitionColumns);
    files = List.copyOf(files);
    readerFeatures = List.copyOf(readerFeatures);
  }

  /**
   * Opens a table on a local path. Reads the log, but no data file; that each one is there is
   * checked.
   *
   * @param table its folder
   * @throws HdlException with {@link ErrorCode#NOT_FOUND} if there is nothing at the path, with
   *     {@link ErrorCode#NOT_A_DELTA_TABLE} if there is no Delta log, with {@link
   *     ErrorCode#VERSION_NOT_FOUND} if the log has no such version, with {@link
   *     ErrorCode#DATA_FILES_MISSING} if data files of the version are gone, with {@link
   *     ErrorCode#UNSUPPORTED_FEATURE} if the table needs a feature that is not read, with {@link
   *     ErrorCode#CORRUPT_DATA} if the log cannot be read
   */
  public static TableSnapshot open(Path table, TableVersion version) {
    return open(TableFiles.local(table), version);
  }

  /**
   * Opens a table by its files, as {@link #open(Path, TableVersion)}; the files of a table that
   * lies elsewhere are not looked for before they are read.
   */
  public static TableSnapshot open(TableFiles table, TableVersion version) {
    return SnapshotLoader.load(table, version);
  }

  /** The same version with its files in another order. */
  public TableSnapshot inOrder(Comparator<DataFile> order) {
    return new TableSnapshot(
        uri,
        tableId,
        version,
        timestamp,
        columns,
        partitionColumns,
        files.stream().sorted(order).toList(),
        minReaderVersion,
        readerFeatures,
        reader,
        tableFiles);
  }

  /** Number of rows, deleted ones left out, if the log knows it for every file. */
  public OptionalLong rows() {
    long rows = 0;
    for (DataFile file : files) {
      if (file.rows().isEmpty()) {
        return OptionalLong.empty();
      }
      rows += file.rows().getAsLong();
      rows -= file.deletionVector().map(DeletionVector::count).orElse(0L);
    }
    return OptionalLong.of(rows);
  }
}
