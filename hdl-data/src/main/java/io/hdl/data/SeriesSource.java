package io.hdl.data;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.core.job.DataSource;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.Opened;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.scan.ReadReport;
import io.hdl.data.scan.ScanColumn;
import io.hdl.data.scan.TableScan;
import io.hdl.data.series.SeriesAssembler;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a Delta table as time series. Reads the columns of its specification and no others.
 * Immutable; each opening gives a store of its own, which the caller closes.
 */
public final class SeriesSource implements DataSource<SeriesStore> {
  private static final Logger LOG = LoggerFactory.getLogger(SeriesSource.class);
  private static final String PINNED_VERSION = "table.version";

  private final DeltaSource table;
  private final SeriesSpec spec;

  SeriesSource(DeltaSource table, SeriesSpec spec) {
    this.table = table;
    this.spec = spec;
  }

  /** The table that it reads. */
  public DeltaSource table() {
    return table;
  }

  /** What it makes of the rows. */
  public SeriesSpec spec() {
    return spec;
  }

  @Override
  public void check(Problems problems) {
    String uri = table.uri();
    if (uri.isBlank()) {
      problems.add("table: \"" + uri + "\" (expected: a path)");
    } else if (scheme(uri).length() > 1 && !scheme(uri).equals("file")) {
      problems.add(
          "table: \"" + uri + "\" (expected: a local path; " + scheme(uri) + " is not read yet)");
    }
    spec.check(problems);
  }

  private static String scheme(String uri) {
    int colon = uri.indexOf(':');
    String scheme = colon < 0 ? "" : uri.substring(0, colon);
    return scheme.matches("[A-Za-z][A-Za-z0-9+.-]*") ? scheme.toLowerCase(Locale.ROOT) : "";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("table.uri", table.uri());
    settings.put("table.version", table.version().toString());
    if (!table.filter().isAll()) {
      settings.put("table.where", table.filter().toString());
    }
    settings.putAll(spec.settings());
    return settings;
  }

  @Override
  public Opened<SeriesStore> open(JobContext context) {
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
    TableSnapshot snapshot =
        resolved != null
            ? resolved
            : TableSnapshot.open(path(), TableVersion.number(Long.parseLong(pinned)));
    return read(
        snapshot,
        context.environment().hostThreads(),
        context.cancellation()::throwIfRequested,
        context::warning);
  }

  /**
   * Opens the series outside a job, after the same checks.
   *
   * @throws HdlException if the settings, the table or its rows do not allow it
   */
  public Opened<SeriesStore> load() {
    checkAll();
    int threads = Runtime.getRuntime().availableProcessors();
    return read(TableSnapshot.open(path(), table.version()), threads, () -> {}, LOG::warn);
  }

  /** What was made of the table's rows, the choice among them included. */
  private Map<String, String> specification() {
    Map<String, String> specification = new LinkedHashMap<>();
    if (!table.filter().isAll()) {
      specification.put("where", table.filter().toString());
    }
    specification.putAll(spec.settings());
    return specification;
  }

  private void checkAll() {
    Problems problems = new Problems();
    check(problems);
    problems.throwIfAny("The data source");
  }

  private Path path() {
    String uri = table.uri();
    try {
      return scheme(uri).equals("file") ? Path.of(new URI(uri).getPath()) : Path.of(uri);
    } catch (java.net.URISyntaxException | IllegalArgumentException e) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS, "table: \"" + uri + "\" (expected: a path)", e);
    }
  }

  private Opened<SeriesStore> read(
      TableSnapshot snapshot, int threads, Runnable beforeBatch, Consumer<String> warning) {
    List<String> columns = List.copyOf(new LinkedHashSet<>(spec.columns()));
    Map<String, ColumnType> types = TableScan.types(snapshot, columns);
    SeriesAssembler assembler = new SeriesAssembler(spec, types, snapshot.uri());
    SeriesStore store;
    ReadReport report;
    try (TableScan scan = TableScan.open(snapshot, table.filter(), threads, beforeBatch)) {
      scan.read(ScanColumn.values(assembler.indexColumns()), assembler::index);
      assembler.layOut();
      scan.read(ScanColumn.values(assembler.valueColumns()), assembler::fill);
      store = assembler.finish();
      report = scan.report();
    }
    assembler
        .notFinite()
        .forEach(
            (column, count) ->
                warning.accept(
                    count
                        + (count == 1 ? " value of \"" : " values of \"")
                        + column
                        + "\" in "
                        + snapshot.uri()
                        + (count == 1
                            ? " is not finite and counts as missing."
                            : " are not finite and count as missing.")));
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("log reader", snapshot.reader().name());
    facts.put("files", Integer.toString(snapshot.files().size()));
    if (!table.filter().isAll()) {
      facts.put("files skipped", Integer.toString(report.filesSkipped()));
      facts.put("rows filtered", Long.toString(report.rowsFiltered()));
    }
    facts.putAll(assembler.facts());
    DataProvenance provenance =
        new DataProvenance(
            String.valueOf(path().toAbsolutePath().normalize().getFileName()),
            snapshot.uri(),
            snapshot.version(),
            snapshot.timestamp(),
            snapshot.tableId(),
            columns,
            specification(),
            Long.parseLong(facts.getOrDefault("rows", "0")),
            snapshot.files().size());
    return new Opened<>(store, provenance, facts);
  }
}
