package io.hdl.data;

import io.hdl.data.delta.TableVersion;
import io.hdl.data.filter.Filter;
import io.hdl.data.row.RowSpec;
import io.hdl.data.series.SeriesSpec;
import java.nio.file.Path;

/**
 * A Delta table at a version, to be read in one form or another. A value; immutable; nothing is
 * read before a source made from it is opened.
 *
 * @param uri address of the table: a path, or a {@code file:} URI
 * @param version which version is meant
 * @param filter which of its rows are meant
 */
public record DeltaSource(String uri, TableVersion version, Filter filter) {
  /** The newest version of the table at an address. */
  public static DeltaSource at(String uriOrPath) {
    return new DeltaSource(uriOrPath, TableVersion.latest(), Filter.all());
  }

  /** The newest version of the table in a folder. */
  public static DeltaSource at(Path table) {
    return at(table.toString());
  }

  /** The same table at another version. */
  public DeltaSource version(TableVersion other) {
    return new DeltaSource(uri, other, filter);
  }

  /**
   * Those rows for which a condition is true, besides the conditions given before. Files that
   * cannot hold such a row are not read.
   */
  public DeltaSource where(Filter condition) {
    return new DeltaSource(uri, version, filter.and(condition));
  }

  /** The table's rows as time series. */
  public SeriesSource series(SeriesSpec spec) {
    return new SeriesSource(this, spec);
  }

  /** The table's rows for learning that knows no order in time. */
  public RowSource rows(RowSpec spec) {
    return new RowSource(this, spec);
  }
}
