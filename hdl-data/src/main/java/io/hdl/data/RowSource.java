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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
    table.check(problems);
    spec.check(problems);
  }

  @Override
  public Map<String, String> settings() {
    return table.settings(spec.settings());
  }

  @Override
  public Opened<RowDataset> open(JobContext context) {
    checkAll();
    Surroundings surroundings = Surroundings.of(context);
    TablePlace place = TablePlace.of(table, surroundings);
    try {
      // Opened before it is pinned: a version that cannot be read is not worth keeping.
      AtomicReference<@Nullable TableSnapshot> opened = new AtomicReference<>();
      String pinned =
          context.pin(
              PINNED_VERSION,
              () -> {
                TableSnapshot found = place.snapshot(table.version(), version -> false);
                opened.set(found);
                return Long.toString(found.version());
              });
      TableSnapshot resolved = opened.get();
      return open(
          place,
          resolved != null
              ? resolved
              : place.snapshot(TableVersion.number(Long.parseLong(pinned)), version -> false),
          context.environment().hostThreads(),
          surroundings::checkpoint);
    } catch (RuntimeException | Error e) {
      place.close();
      throw e;
    }
  }

  /**
   * Opens the rows outside a job, after the same checks.
   *
   * @throws HdlException if the settings, the table or its rows do not allow it
   */
  public Opened<RowDataset> load() {
    checkAll();
    TablePlace place = TablePlace.of(table, Surroundings.outsideAJob(Optional.empty()));
    try {
      return open(
          place,
          place.snapshot(table.version(), version -> false),
          Runtime.getRuntime().availableProcessors(),
          () -> {});
    } catch (RuntimeException | Error e) {
      place.close();
      throw e;
    }
  }

  private void checkAll() {
    Problems problems = new Problems();
    check(problems);
    problems.throwIfAny("The data source");
  }

  /** The rows own the place from here on. */
  private Opened<RowDataset> open(
      TablePlace place, TableSnapshot snapshot, int threads, Runnable beforeBatch) {
    RowDataset rows =
        RowDataset.open(
            snapshot, table.filter(), table.expected(), spec, threads, beforeBatch, place::close);
    try {
      place.keep(snapshot, rows.files());
    } catch (RuntimeException | Error e) {
      rows.close();
      throw e;
    }
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("log reader", snapshot.reader().name());
    facts.put("files", Integer.toString(snapshot.files().size()));
    facts.putAll(rows.facts());
    DataProvenance provenance =
        new DataProvenance(
            place.name(),
            snapshot.uri(),
            snapshot.version(),
            snapshot.timestamp(),
            snapshot.tableId(),
            spec.columns(),
            table.provenance(spec.settings()),
            rows.rows(),
            snapshot.files().size());
    return new Opened<>(rows, provenance.reachedBy(place.access()), facts);
  }
}
