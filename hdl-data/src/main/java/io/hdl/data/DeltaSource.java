package io.hdl.data;

import io.hdl.data.delta.TableVersion;
import io.hdl.data.filter.Filter;
import io.hdl.data.row.RowSpec;
import io.hdl.data.scan.ExpectedSchema;
import io.hdl.data.series.SeriesSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A Delta table at a version, to be read in one form or another. A value; immutable; nothing is
 * read before a source made from it is opened.
 *
 * @param uri address of the table: a path, or a {@code file:} URI
 * @param version which version is meant
 * @param filter which of its rows are meant
 * @param expected what the table has to be like
 */
public record DeltaSource(
    String uri, TableVersion version, Filter filter, ExpectedSchema expected) {
  /** The newest version of the table at an address. */
  public static DeltaSource at(String uriOrPath) {
    return new DeltaSource(
        uriOrPath, TableVersion.latest(), Filter.all(), ExpectedSchema.nothing());
  }

  /** The newest version of the table in a folder. */
  public static DeltaSource at(Path table) {
    return at(table.toString());
  }

  /** The same table at another version. */
  public DeltaSource version(TableVersion other) {
    return new DeltaSource(uri, other, filter, expected);
  }

  /**
   * Those rows for which a condition is true, besides the conditions given before. Files that
   * cannot hold such a row are not read.
   */
  public DeltaSource where(Filter condition) {
    return new DeltaSource(uri, version, filter.and(condition), expected);
  }

  /**
   * The same table, which is refused when it is opened unless it is like this; replaces what was
   * expected before. It does not change what is read, so that it is no part of a run's settings.
   */
  public DeltaSource expecting(ExpectedSchema schema) {
    return new DeltaSource(uri, version, filter, schema);
  }

  /** The table's rows as time series. */
  public SeriesSource series(SeriesSpec spec) {
    return new SeriesSource(this, spec);
  }

  /** The table's rows for learning that knows no order in time. */
  public RowSource rows(RowSpec spec) {
    return new RowSource(this, spec);
  }

  /** The settings of a source on this table, those of its specification included. */
  Map<String, String> settings(Map<String, String> specification) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("table.uri", uri);
    settings.put("table.version", version.toString());
    if (!filter.isAll()) {
      settings.put("table.where", filter.toString());
    }
    settings.putAll(specification);
    return settings;
  }

  /** What is made of the table's rows, the choice among them included, for the provenance. */
  Map<String, String> provenance(Map<String, String> specification) {
    Map<String, String> made = new LinkedHashMap<>();
    if (!filter.isAll()) {
      made.put("where", filter.toString());
    }
    made.putAll(specification);
    return made;
  }
}
