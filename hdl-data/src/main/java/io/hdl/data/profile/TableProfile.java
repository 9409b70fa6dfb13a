package io.hdl.data.profile;

import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.filter.Filter;
import io.hdl.data.scan.ReadReport;
import io.hdl.data.scan.ScanColumn;
import io.hdl.data.scan.TableScan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is in a table at one version. Found by one scan; the same whatever the number of threads.
 * Memory is bounded: a few megabytes per column, more where many different values are counted
 * exactly, and one bit per series and time where gaps are looked for. Immutable and thread-safe.
 *
 * <pre>{@code
 * TableSnapshot snapshot = TableSnapshot.open(Path.of("/data/sales"), TableVersion.latest());
 * TableProfile profile = TableProfile.of(snapshot, ProfileSpec.allColumns(), 4, () -> {});
 * System.out.println(Json.writePretty(profile.json()));
 * }</pre>
 */
public final class TableProfile {
  private final String uri;
  private final long version;
  private final Instant timestamp;
  private final Filter where;
  private final ReadReport report;
  private final List<ColumnProfile> columns;
  private final @Nullable SeriesGaps series;

  private TableProfile(
      TableSnapshot snapshot,
      Filter where,
      ReadReport report,
      List<ColumnProfile> columns,
      @Nullable SeriesGaps series) {
    this.uri = snapshot.uri();
    this.version = snapshot.version();
    this.timestamp = snapshot.timestamp();
    this.where = where;
    this.report = report;
    this.columns = List.copyOf(columns);
    this.series = series;
  }

  /**
   * Reads the table.
   *
   * @param threads number of threads that decode, at least 1
   * @param beforeBatch called before each batch, for instance to throw if it was cancelled
   * @throws HdlException with {@code SCHEMA_MISMATCH} if there is no such column or it cannot be a
   *     key or time, with {@code UNSUPPORTED_FEATURE} if a list, map or variant is asked for by
   *     name, with {@code INVALID_ARGUMENT} if there are too many series and times, or if the table
   *     cannot be read
   */
  public static TableProfile of(
      TableSnapshot snapshot, ProfileSpec spec, int threads, Runnable beforeBatch) {
    Map<String, ColumnType> leaves =
        spec.columns().isEmpty()
            ? TableLeaves.of(snapshot)
            : TableLeaves.of(snapshot, spec.columns());
    List<ColumnAccumulator> accumulators = new ArrayList<>();
    leaves.forEach(
        (name, type) -> {
          if (type.kind() != ColumnType.Kind.OTHER) {
            accumulators.add(ColumnAccumulator.of(name, type, spec.distinctLimit()));
          }
        });
    List<String> keys = new ArrayList<>();
    SeriesPresence presence = null;
    if (spec.series().isPresent()) {
      ProfileSpec.SeriesKeys series = spec.series().get();
      keys.addAll(series.keys());
      keys.add(series.time());
      Map<String, ColumnType> types = TableScan.types(snapshot, keys);
      presence =
          new SeriesPresence(
              series, keys.stream().map(name -> ColumnVectors.type(types, name)).toList());
    }
    Set<String> names = new LinkedHashSet<>();
    accumulators.forEach(column -> names.add(column.name()));
    names.addAll(keys);
    List<String> read = List.copyOf(names);
    SeriesPresence gaps = presence;
    ReadReport report;
    try (TableScan scan = TableScan.open(snapshot, spec.where(), threads, beforeBatch)) {
      scan.read(
          ScanColumn.values(read),
          (number, batch) -> {
            ColumnVectors vectors = new ColumnVectors(read, batch.columns());
            vectors.addTo(accumulators, number);
            if (gaps != null) {
              gaps.add(vectors.of(keys));
            }
          });
      report = scan.report();
    }
    Map<String, ColumnProfile> found = new LinkedHashMap<>();
    accumulators.forEach(column -> found.put(column.name(), column.profile()));
    List<ColumnProfile> columns = new ArrayList<>();
    leaves.forEach(
        (name, type) -> {
          ColumnProfile profile = found.get(name);
          columns.add(profile == null ? ColumnProfile.notRead(name, type) : profile);
        });
    return new TableProfile(
        snapshot, spec.where(), report, columns, gaps == null ? null : gaps.gaps());
  }

  /** Address of the table. */
  public String uri() {
    return uri;
  }

  /** The version that was read. */
  public long version() {
    return version;
  }

  /** When that version was committed. */
  public Instant timestamp() {
    return timestamp;
  }

  /** Which rows count. */
  public Filter where() {
    return where;
  }

  /** Number of rows that the profile is of: deleted ones and those that do not count left out. */
  public long rows() {
    return report.rowsRead();
  }

  /** What was read for it, and what was skipped. */
  public ReadReport report() {
    return report;
  }

  /** The columns, in the table's order or in the order in which they were asked for. */
  public List<ColumnProfile> columns() {
    return columns;
  }

  /** The gaps of the series, if they were asked for. */
  public Optional<SeriesGaps> series() {
    return Optional.ofNullable(series);
  }

  /**
   * The profile as JSON: {@code version}, {@code rows}, {@code columns} with the {@link
   * ColumnProfile#summary} of each by its name, {@code series} if gaps were asked for, {@code
   * where} if not all rows count, and {@code scan}, what was read.
   */
  public Map<String, Object> json() {
    Map<String, Object> byName = new LinkedHashMap<>();
    columns.forEach(column -> byName.put(column.name(), column.summary()));
    return json(byName);
  }

  /** The same, each column with its {@link ColumnProfile#checksums} too. */
  public Map<String, Object> jsonWithChecksums() {
    Map<String, Object> byName = new LinkedHashMap<>();
    for (ColumnProfile column : columns) {
      Map<String, Object> entries = new LinkedHashMap<>(column.summary());
      entries.putAll(column.checksums());
      byName.put(column.name(), entries);
    }
    return json(byName);
  }

  private Map<String, Object> json(Map<String, Object> byName) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("table", uri);
    json.put("version", version);
    json.put("timestamp", timestamp.toString());
    if (!where.equals(Filter.all())) {
      json.put("where", where.toString());
    }
    json.put("rows", rows());
    json.put("columns", byName);
    if (series != null) {
      json.put("series", series.summary());
    }
    json.put("scan", report);
    return json;
  }
}
