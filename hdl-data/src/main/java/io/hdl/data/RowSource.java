package io.hdl.data;

import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.core.job.DataSource;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.Opened;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.row.RowDataset;
import io.hdl.data.row.RowSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Delta table for plain supervised learning. Reads the columns of its specification
 * and no others. Immutable; each opening gives a dataset of its own, which the caller closes.
 */
public final class RowSource implements DataSource<RowDataset> {
  private static final String PINNED_VERSION = "table.version";

  private final DeltaSource table;
  private final RowSpec spec;

  RowSource(DeltaSource table, RowSpec spec) {
    this.table = table;
    this.spec = spec;
  }

  /** The table that it reads. */
  public DeltaSource table() {
    return table;
  }

  /** What it makes of the rows. */
  public RowSpec spec() {
    return spec;
  }

  @Override
  public void check(Problems problems) {
    new TableAddress(table.uri()).check(problems);
    spec.check(problems);
  }

  @Override
  public Map<String, String> settings() {
    return table.settings(spec.settings());
  }

  @Override
  public Opened<RowDataset> open(JobContext context) {
    checkAll();
    // Opened before it is pinned: a version that cannot be read is not worth keeping.
    AtomicReference<@Nullable TableSnapshot> opened = new AtomicReference<>();
    String pinned =
        context.pin(
            PINNED_VERSION,
            () -> {
              TableSnapshot found = TableSnapshot.open(path(), table.version());
              opened.set(found);
              return Long.toString(found.version());
            });
    TableSnapshot resolved = opened.get();
    return open(
        resolved != null
            ? resolved
            : TableSnapshot.open(path(), TableVersion.number(Long.parseLong(pinned))),
        context.environment().hostThreads(),
        context.cancellation()::throwIfRequested);
  }

  /**
   * Opens the rows outside a job, after the same checks.
   *
   * @throws HdlException if the settings, the table or its rows do not allow it
   */
  public Opened<RowDataset> load() {
    checkAll();
    return open(
        TableSnapshot.open(path(), table.version()),
        Runtime.getRuntime().availableProcessors(),
        () -> {});
  }

  private void checkAll() {
    Problems problems = new Problems();
    check(problems);
    problems.throwIfAny("The data source");
  }

  private Path path() {
    return new TableAddress(table.uri()).path().toAbsolutePath().normalize();
  }

  private Opened<RowDataset> open(TableSnapshot snapshot, int threads, Runnable beforeBatch) {
    RowDataset rows =
        RowDataset.open(snapshot, table.filter(), table.expected(), spec, threads, beforeBatch);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("log reader", snapshot.reader().name());
    facts.put("files", Integer.toString(snapshot.files().size()));
    facts.putAll(rows.facts());
    DataProvenance provenance =
        new DataProvenance(
            String.valueOf(path().getFileName()),
            snapshot.uri(),
            snapshot.version(),
            snapshot.timestamp(),
            snapshot.tableId(),
            spec.columns(),
            table.provenance(spec.settings()),
            rows.rows(),
            snapshot.files().size());
    return new Opened<>(rows, provenance, facts);
  }
}
