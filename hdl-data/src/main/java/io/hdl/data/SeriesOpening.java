package io.hdl.data;

import io.hdl.core.job.Opened;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.scan.ReadReport;
import io.hdl.data.scan.ScanColumn;
import io.hdl.data.scan.TableScan;
import io.hdl.data.series.CommitMark;
import io.hdl.data.series.RowReader;
import io.hdl.data.series.SeriesAssembler;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.StoreCache;
import io.hdl.data.series.StoreKey;
import io.hdl.data.series.StoreTarget;
import io.hdl.data.series.StoredSeries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One opening of a series source. A version that is given by its number is looked for in the hot
 * tier before anything of the table is read. Belongs to one thread.
 */
final class SeriesOpening {
  private final SeriesSource source;
  private final TablePlace table;
  private final @Nullable StoreCache cache;
  private final int threads;
  private final Surroundings surroundings;
  private @Nullable TableSnapshot snapshot;
  private @Nullable StoredSeries found;
  private CommitMark commit = new CommitMark(0, 0);

  /**
   * Begins an opening.
   *
   * @param table where the table lies; closed by whoever made it
   * @param cache the hot tier; without one the series lie in memory
   */
  SeriesOpening(
      SeriesSource source,
      TablePlace table,
      @Nullable StoreCache cache,
      int threads,
      Surroundings surroundings) {
    this.source = source;
    this.table = table;
    this.cache = cache;
    this.threads = threads;
    this.surroundings = surroundings;
  }

  /** The number of the version that is meant; it can be read. */
  long resolve(TableVersion wanted) {
    if (wanted instanceof TableVersion.Numbered number) {
      found = lookUp(number.version());
      if (found != null) {
        return number.version();
      }
    }
    return read(wanted).version();
  }

  private @Nullable StoredSeries lookUp(long version) {
    if (cache == null) {
      return null;
    }
    Optional<StoredSeries> stored = cache.find(key(version));
    if (stored.isEmpty()) {
      return null;
    }
    if (!stored.get().commit().allows(table.mark(version))) {
      stored.get().store().close();
      return null;
    }
    return stored.get();
  }

  private TableSnapshot read(TableVersion version) {
    TableSnapshot opened = table.snapshot(version, this::isStored);
    commit = table.mark(opened.version());
    snapshot = opened;
    return opened;
  }

  private boolean isStored(long version) {
    StoredSeries stored = lookUp(version);
    if (stored == null) {
      return false;
    }
    stored.store().close();
    return true;
  }

  private StoreKey key(long version) {
    Map<String, String> settings = new LinkedHashMap<>(source.settings());
    settings.remove("table.uri");
    settings.remove("table.version");
    if (!source.table().expected().columns().isEmpty()) {
      // A store that is found was as expected when it was built.
      settings.put("table.expected", source.table().expected().toString());
    }
    return new StoreKey(table.key(), version, settings);
  }

  /** The series of a version that was resolved, here or when the run began. */
  Opened<SeriesStore> open(long version) {
    if (found == null && snapshot == null) {
      found = lookUp(version);
    }
    StoredSeries known = found;
    if (known != null) {
      return opened(known, "mapped");
    }
    TableSnapshot present = snapshot;
    TableSnapshot from = present != null ? present : read(TableVersion.number(version));
    if (cache == null) {
      return inMemory(from);
    }
    boolean[] built = new boolean[1];
    StoredSeries stored =
        cache.findOrBuild(
            key(version),
            store -> isOf(store.provenance(), from),
            surroundings::checkpoint,
            target -> {
              built[0] = true;
              return build(from, target);
            });
    return opened(stored, built[0] ? "built" : "mapped");
  }

  private static boolean isOf(DataProvenance stored, TableSnapshot snapshot) {
    return stored.tableId().equals(snapshot.tableId())
        && stored.timestamp().equals(snapshot.timestamp());
  }

  private Opened<SeriesStore> opened(StoredSeries stored, String how) {
    for (String text : stored.warnings()) {
      surroundings.warning(text);
    }
    Map<String, String> facts = new LinkedHashMap<>(stored.facts());
    facts.put("series store", how);
    return new Opened<>(stored.store(), stored.provenance().reachedBy(table.access()), facts);
  }

  private Opened<SeriesStore> inMemory(TableSnapshot from) {
    SeriesAssembler assembler = assembler(from);
    try (TableScan scan = open(from)) {
      SeriesStore store = assembler.inMemory(rows(scan));
      StoreTarget.Made made = made(from, assembler, scan.report());
      table.keep(from, scan.files());
      StoredSeries stored =
          new StoredSeries(store, made.provenance(), made.facts(), made.warnings(), commit);
      return opened(stored, "in memory");
    }
  }

  private StoreTarget.Made build(TableSnapshot from, StoreTarget target) {
    SeriesAssembler assembler = assembler(from);
    try (TableScan scan = open(from)) {
      target.assemble(assembler, rows(scan));
      table.keep(from, scan.files());
      return made(from, assembler, scan.report());
    }
  }

  private TableScan open(TableSnapshot from) {
    return TableScan.open(
        from,
        source.table().filter(),
        source.table().expected(),
        threads,
        surroundings::checkpoint);
  }

  private SeriesAssembler assembler(TableSnapshot from) {
    source.table().expected().check(from, source.table().filter());
    Map<String, ColumnType> types = TableScan.types(from, columns());
    return new SeriesAssembler(source.spec(), types, from.uri(), threads);
  }

  private List<String> columns() {
    return List.copyOf(new LinkedHashSet<>(source.spec().columns()));
  }

  private static RowReader rows(TableScan scan) {
    return (values, floats, sink) -> {
      List<ScanColumn> columns = new ArrayList<>(ScanColumn.values(values));
      floats.forEach(name -> columns.add(ScanColumn.floats(name)));
      scan.read(columns, sink::accept);
    };
  }

  private StoreTarget.Made made(TableSnapshot from, SeriesAssembler assembler, ReadReport report) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("log reader", from.reader().name());
    facts.put("files", Integer.toString(from.files().size()));
    if (!source.table().filter().isAll()) {
      facts.put("files skipped", Integer.toString(report.filesSkipped()));
      facts.put("rows filtered", Long.toString(report.rowsFiltered()));
    }
    facts.putAll(assembler.facts());
    DataProvenance provenance =
        new DataProvenance(
            table.name(),
            from.uri(),
            from.version(),
            from.timestamp(),
            from.tableId(),
            columns(),
            source.specification(),
            Long.parseLong(facts.getOrDefault("rows", "0")),
            from.files().size());
    return new StoreTarget.Made(provenance, facts, assembler.warnings(), commit);
  }
}
