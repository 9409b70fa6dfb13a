package io.hdl.data.delta;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes versions of a plain Delta table (reader version 1) on a local path: for samples, tests,
 * and forecasts that are written back. Each call commits one version, whole or not at all; a
 * version that another writer commits at the same moment makes the call fail without any effect.
 *
 * <p>A row is an array with one value per column, in the table's order, null where there is none:
 * {@code Boolean}, {@code Integer}, {@code Long}, {@code Float}, {@code Double}, {@code String},
 * {@code LocalDate} for dates and {@code Instant} for timestamps.
 *
 * <p>Immutable and thread-safe; holds no resources between calls.
 *
 * <pre>{@code
 * DeltaTableWriter sales = DeltaTableWriter.create(
 *     Path.of("/data/sales"),
 *     List.of(
 *         Column.of("store", ColumnType.INTEGER),
 *         Column.of("date", ColumnType.DATE),
 *         Column.of("units", ColumnType.DOUBLE)));
 * long version = sales.append(rows);
 * }</pre>
 */
public final class DeltaTableWriter {
  private static final String ENGINE_NAME = "hdl";

  private final Path table;
  private final List<Column> columns;
  private final List<String> partitionColumns;
  private final Engine engine;

  private DeltaTableWriter(Path table, List<Column> columns, List<String> partitionColumns) {
    this.table = table;
    this.columns = List.copyOf(columns);
    this.partitionColumns = List.copyOf(partitionColumns);
    this.engine = KernelEngine.get();
  }

  /**
   * Creates a table without rows, version 0.
   *
   * @param table its folder, which may exist but holds no table yet
   * @param columns of the types boolean, integer, long, float, double, string, date or timestamp
   * @param partitionColumns columns by which the files are put into folders, if any
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if there is a table already, or a
   *     column that cannot be written
   */
  public static DeltaTableWriter create(
      Path table, List<Column> columns, String... partitionColumns) {
    List<String> names = columns.stream().map(Column::name).toList();
    for (String partitionColumn : partitionColumns) {
      if (!names.contains(partitionColumn)) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT,
            "partition column: \"" + partitionColumn + "\" (expected: one of " + names + ")");
      }
    }
    StructType schema = RowBatch.schemaOf(columns);
    DeltaTableWriter writer = new DeltaTableWriter(table, columns, List.of(partitionColumns));
    try {
      var builder =
          TableManager.buildCreateTableTransaction(
              table.toAbsolutePath().normalize().toString(), schema, ENGINE_NAME);
      if (partitionColumns.length > 0) {
        builder =
            builder.withDataLayoutSpec(
                DataLayoutSpec.partitioned(
                    writer.partitionColumns.stream()
                        .map(io.delta.kernel.expressions.Column::new)
                        .toList()));
      }
      builder.build(writer.engine).commit(writer.engine, CloseableIterable.emptyIterable());
      return writer;
    } catch (TableAlreadyExistsException e) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot create a Delta table at "
              + table
              + ": there is one already. Open it to add versions, or choose another folder.",
          e);
    } catch (KernelException | UncheckedIOException e) {
      throw writer.failed("create", e);
    }
  }

  /**
   * Opens a table to add versions to it.
   *
   * @throws HdlException with {@link ErrorCode#NOT_A_DELTA_TABLE} if there is none, with {@link
   *     ErrorCode#UNSUPPORTED_FEATURE} if it has columns or features that are not written
   */
  public static DeltaTableWriter open(Path table) {
    DeltaTableWriter found = new DeltaTableWriter(table, List.of(), List.of());
    Snapshot snapshot = found.latest();
    List<Column> columns = KernelLog.columns(snapshot, table.toString());
    for (Column column : columns) {
      RowBatch.checkWritable(column);
    }
    return new DeltaTableWriter(table, columns, snapshot.getPartitionColumnNames());
  }

  /** The folder of the table. */
  public Path table() {
    return table;
  }

  /** The columns of the table, in the order of a row's values. */
  public List<Column> columns() {
    return columns;
  }

  /**
   * Commits a version with rows added.
   *
   * @param rows read once; kept in memory as a whole only if the table is partitioned
   * @return the version
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if a value is not of its column's
   *     type
   */
  public long append(Iterable<@Nullable Object[]> rows) {
    return commit(latest(), rows, List.of());
  }

  /**
   * Commits a version that has these rows and no others. Earlier versions stay readable.
   *
   * @param rows read once; kept in memory as a whole only if the table is partitioned
   * @return the version
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if a value is not of its column's
   *     type
   */
  public long overwrite(Iterable<@Nullable Object[]> rows) {
    Snapshot snapshot = latest();
    List<Row> removals = new ArrayList<>();
    long now = System.currentTimeMillis();
    ScanImpl scan = (ScanImpl) snapshot.getScanBuilder().build();
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> files = batches.next().getRows()) {
          while (files.hasNext()) {
            Row add = files.next();
            AddFile file = new AddFile(add.getStruct(add.getSchema().indexOf("add")));
            java.util.Optional<Long> removedAt = java.util.Optional.of(now);
            removals.add(
                SingleAction.createRemoveFileSingleAction(file.toRemoveFileRow(true, removedAt)));
          }
        }
      }
    } catch (IOException e) {
      throw failed("write", e);
    }
    return commit(snapshot, rows, removals);
  }

  private Snapshot latest() {
    try {
      return TableManager.loadSnapshot(table.toAbsolutePath().normalize().toString()).build(engine);
    } catch (TableNotFoundException e) {
      throw new HdlException(
          ErrorCode.NOT_A_DELTA_TABLE,
          "Cannot open " + table + " for writing: it is not a Delta table. Create it first.",
          e);
    } catch (KernelException e) {
      throw failed("open", e);
    }
  }

  private long commit(
      Snapshot snapshot, Iterable<@Nullable Object[]> rows, List<Row> otherActions) {
    List<Row> actions = new ArrayList<>(otherActions);
    try {
      Transaction transaction =
          snapshot
              .buildUpdateTableTransaction(ENGINE_NAME, io.delta.kernel.Operation.WRITE)
              .build(engine);
      Row state = transaction.getTransactionState(engine);
      RowBatch.Source source = new RowBatch.Source(columns, rows);
      if (partitionColumns.isEmpty()) {
        write(state, source, Map.of(), actions);
      } else {
        for (Map.Entry<List<@Nullable Object>, List<@Nullable Object[]>> partition :
            source.byPartition(partitionColumns).entrySet()) {
          Map<String, Literal> values = new LinkedHashMap<>();
          for (int i = 0; i < partitionColumns.size(); i++) {
            ColumnType type = source.type(partitionColumns.get(i));
            values.put(partitionColumns.get(i), RowBatch.literal(type, partition.getKey().get(i)));
          }
          write(state, new RowBatch.Source(columns, partition.getValue()), values, actions);
        }
      }
      return transaction
          .commit(
              engine,
              CloseableIterable.inMemoryIterable(Utils.toCloseableIterator(actions.iterator())))
          .getVersion();
    } catch (KernelException | IOException | UncheckedIOException e) {
      throw failed("write", e);
    }
  }

  private void write(
      Row state, RowBatch.Source source, Map<String, Literal> partition, List<Row> actions)
      throws IOException {
    if (!source.hasNext()) {
      return;
    }
    CloseableIterator<FilteredColumnarBatch> data =
        Transaction.transformLogicalData(engine, state, source, partition);
    DataWriteContext context = Transaction.getWriteContext(engine, state, partition);
    // The context percent-encodes its folder; the writer takes what it is given as it stands.
    String folder = URI.create(context.getTargetDirectory()).getPath();
    try (CloseableIterator<DataFileStatus> files =
            KernelEngine.dataFiles()
                .writeParquetFiles(folder, data, context.getStatisticsColumns());
        CloseableIterator<Row> adds =
            Transaction.generateAppendActions(engine, state, files, context)) {
      while (adds.hasNext()) {
        actions.add(adds.next());
      }
    }
  }

  private HdlException failed(String verb, Exception cause) {
    return new HdlException(
        ErrorCode.IO_FAILURE,
        "Cannot " + verb + " the Delta table " + table + ": " + cause.getMessage(),
        cause);
  }
}
