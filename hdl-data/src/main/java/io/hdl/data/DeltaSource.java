package io.hdl.data;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.core.identity.TokenSource;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.filter.Filter;
import io.hdl.data.row.RowSpec;
import io.hdl.data.scan.ExpectedSchema;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.storage.LakeAccess;
import io.hdl.data.storage.StorageMounts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A Delta table at a version, to be read in one form or another. A value; immutable; nothing is
 * read before a source made from it is opened.
 *
 * <pre>{@code
 * DeltaSource.at("abfss://curated@contoso.dfs.core.windows.net/retail/sales")
 *     .version(TableVersion.latest())
 *     .credential(AzureCredentials.managedIdentity())
 *     .cache(CacheTiers.hot(Path.of("/raid/hdl"), gib(500)).warm(Path.of("/mnt/nfs/hdl"), tib(4)))
 *     .series(spec);
 * }</pre>
 *
 * @param uri address of the table: a path, a {@code file:} URI, or an address of a lake
 * @param version which version is meant
 * @param filter which of its rows are meant
 * @param expected what the table has to be like
 * @param access how a lake is reached, if it was said; else as the environment shows
 * @param cache where files of a lake are kept on this machine, if it was said; else what the host
 *     names with {@code HDL_HOT} and {@code HDL_WARM}, or {@code cache} in the home directory
 * @param kept how long the version that a run reads from a lake stays in the cache for it
 */
public record DeltaSource(
    String uri,
    TableVersion version,
    Filter filter,
    ExpectedSchema expected,
    Optional<LakeAccess> access,
    Optional<CacheTiers> cache,
    Duration kept) {
  /** How long the version of a run is kept unless it is said otherwise. */
  public static final Duration KEPT = Duration.ofDays(30);

  /** Checks the duration. */
  public DeltaSource {
    if (kept.isNegative()) {
      throw new HdlException(ErrorCode.INVALID_ARGUMENT, "kept: " + kept + " (expected: >= 0)");
    }
  }

  /** The newest version of the table at an address. */
  public static DeltaSource at(String uriOrPath) {
    return new DeltaSource(
        uriOrPath,
        TableVersion.latest(),
        Filter.all(),
        ExpectedSchema.nothing(),
        Optional.empty(),
        Optional.empty(),
        KEPT);
  }

  /** The newest version of the table in a folder. */
  public static DeltaSource at(Path table) {
    return at(table.toString());
  }

  /** The same table at another version. */
  public DeltaSource version(TableVersion other) {
    return new DeltaSource(uri, other, filter, expected, access, cache, kept);
  }

  /**
   * Those rows for which a condition is true, besides the conditions given before. Files that
   * cannot hold such a row are not read.
   */
  public DeltaSource where(Filter condition) {
    return new DeltaSource(uri, version, filter.and(condition), expected, access, cache, kept);
  }

  /**
   * The same table, which is refused when it is opened unless it is like this; replaces what was
   * expected before. It does not change what is read, so that it is no part of a run's settings.
   */
  public DeltaSource expecting(ExpectedSchema schema) {
    return new DeltaSource(uri, version, filter, schema, access, cache, kept);
  }

  /** The same table, with the lake reached in this way. No part of a run's settings. */
  public DeltaSource access(LakeAccess way) {
    return new DeltaSource(uri, version, filter, expected, Optional.of(way), cache, kept);
  }

  /** The same table, with the lake asked by this identity. No part of a run's settings. */
  public DeltaSource credential(TokenSource identity) {
    return access(access.orElseGet(LakeAccess::fromEnvironment).credential(identity));
  }

  /**
   * The same table, with parts of the lake read from mounts. A table below a mount is read where it
   * lies, unless a cache is given by {@link #cache(CacheTiers)}. No part of a run's settings.
   */
  public DeltaSource mounts(StorageMounts mounts) {
    return access(access.orElseGet(LakeAccess::fromEnvironment).mounts(mounts));
  }

  /**
   * The same table, with files of a lake kept in these tiers; the files of series lie in the hot
   * one, too. No part of a run's settings.
   */
  public DeltaSource cache(CacheTiers tiers) {
    return new DeltaSource(uri, version, filter, expected, access, Optional.of(tiers), kept);
  }

  /**
   * The same table, with the version that a run reads from a lake kept in the cache for so long, so
   * that the run can be replayed when the lake has removed it; zero keeps it only as long as there
   * is room. No part of a run's settings.
   */
  public DeltaSource keptFor(Duration duration) {
    return new DeltaSource(uri, version, filter, expected, access, cache, duration);
  }

  /** The table's rows as time series. */
  public SeriesSource series(SeriesSpec spec) {
    return new SeriesSource(this, spec);
  }

  /** The table's rows for learning that knows no order in time. */
  public RowSource rows(RowSpec spec) {
    return new RowSource(this, spec);
  }

  /**
   * Opens the table outside a job, to look at a version or at its history.
   *
   * @return the table, which the caller closes
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} if the address is none
   */
  public OpenTable open() {
    Problems problems = new Problems();
    check(problems);
    problems.throwIfAny("The table");
    return new OpenTable(this);
  }

  void check(Problems problems) {
    new TableAddress(uri).check(problems);
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
