package io.hdl.samples;

import io.hdl.data.DeltaSource;
import io.hdl.data.SeriesSource;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.series.SeriesSpec;
import io.hdl.samples.retail.RetailGenerator;
import io.hdl.samples.retail.RetailTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The table that a forecast is made of: the user's, or the made-up one, which is written once per
 * seed and kept.
 *
 * @param uri where it lies
 * @param version the version that was asked for
 * @param series what is made of its rows
 * @param retail what made the table up, if it was
 */
record ForecastTable(
    String uri,
    TableVersion version,
    SeriesSpec series,
    Optional<CacheTiers> tiers,
    Optional<RetailGenerator> retail) {
  /** The table of some settings; writes the made-up one if it is asked for. */
  static ForecastTable of(ForecastSettings settings, TableOptions options, Path home) {
    Optional<RetailGenerator> retail =
        settings.table().isPresent()
            ? Optional.empty()
            : Optional.of(RetailGenerator.seeded(settings.seed()));
    return new ForecastTable(
        settings.table().orElseGet(() -> retailTable(home, settings.seed()).toString()),
        settings.version().isPresent()
            ? TableVersion.number(settings.version().getAsLong())
            : TableVersion.latest(),
        settings.series(),
        CacheOptions.tiers(options.hot, options.warm),
        retail);
  }

  /** Its series, at the version that was asked for. */
  SeriesSource source() {
    return source(version);
  }

  /** Its series at a version. */
  SeriesSource source(TableVersion which) {
    DeltaSource source = DeltaSource.at(uri).version(which);
    return tiers.map(source::cache).orElse(source).series(series);
  }

  private static Path retailTable(Path home, long seed) {
    Path folder = home.resolve("tables").resolve("retail-" + seed);
    if (!Files.exists(folder)) {
      System.err.println("Writing a retail table to " + folder + " ...");
    }
    RetailTable.ensure(folder, RetailGenerator.seeded(seed));
    return folder;
  }
}
