package io.hdl.data;

import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.core.job.DataSource;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.Opened;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.cache.TierSpace;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.StoreCache;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Delta table as time series. Reads the columns of its specification and no others.
 * Immutable; each opening gives a store of its own, which the caller closes.
 */
public final class SeriesSource implements DataSource<SeriesStore> {
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
    table.check(problems);
    spec.check(problems);
  }

  @Override
  public Map<String, String> settings() {
    return table.settings(spec.settings());
  }

  /**
   * Opens the series. They lie in a file of the hot tier, by default below the run's home
   * directory, {@code cache/series}: it is written the first time, and mapped whenever the same
   * version is opened with the same settings. A version that is given by its number, or that the
   * run has pinned, is opened from there without the table; {@code latest} still reads the table's
   * log.
   */
  @Override
  public Opened<SeriesStore> open(JobContext context) {
    checkAll();
    int threads = context.environment().hostThreads();
    Surroundings surroundings = Surroundings.of(context);
    try (TablePlace place = TablePlace.of(table, surroundings)) {
      Path home = context.directory().home();
      SeriesOpening opening =
          new SeriesOpening(
              this,
              place,
              cache(context.environment().hotTier(), home, threads),
              threads,
              surroundings);
      // Opened before it is pinned: a version that cannot be read is not worth keeping.
      String pinned =
          context.pin(
              PINNED_VERSION,
              new Supplier<String>() {
                @Override
                public String get() {
                  return Long.toString(opening.resolve(table.version()));
                }
              });
      return opening.open(Long.parseLong(pinned));
    }
  }

  /** The stores of series: in the hot tier that was given, else in the host's, else at home. */
  private StoreCache cache(Optional<Path> ofHost, Path home, int threads) {
    if (table.cache().isPresent() && table.cache().get().hot().isPresent()) {
      CacheTiers tiers = table.cache().get();
      return StoreCache.in(TierSpace.of(tiers.hot().get(), tiers), threads);
    }
    return ofHost.isPresent()
        ? StoreCache.in(ofHost.get(), threads)
        : StoreCache.below(home, threads);
  }

  /**
   * Opens the series outside a job, after the same checks, in direct memory.
   *
   * @throws HdlException if the settings, the table or its rows do not allow it
   */
  public Opened<SeriesStore> load() {
    return load(null, Surroundings.outsideAJob(Optional.empty()));
  }

  /**
   * Opens the series outside a job, after the same checks, in a file below a home directory, as
   * {@link #open} does.
   *
   * @param home the hdl home directory, see {@link io.hdl.core.run.Home}; created where it is
   *     missing
   * @throws HdlException if the settings, the table or its rows do not allow it, or the file cannot
   *     be written
   */
  public Opened<SeriesStore> load(Path home) {
    int threads = Runtime.getRuntime().availableProcessors();
    return load(
        cache(Optional.empty(), home, threads), Surroundings.outsideAJob(Optional.of(home)));
  }

  private Opened<SeriesStore> load(@Nullable StoreCache cache, Surroundings surroundings) {
    checkAll();
    int threads = Runtime.getRuntime().availableProcessors();
    try (TablePlace place = TablePlace.of(table, surroundings)) {
      SeriesOpening opening = new SeriesOpening(this, place, cache, threads, surroundings);
      return opening.open(opening.resolve(table.version()));
    }
  }

  /** What is made of the table's rows, the choice among them included. */
  Map<String, String> specification() {
    return table.provenance(spec.settings());
  }

  private void checkAll() {
    Problems problems = new Problems();
    check(problems);
    problems.throwIfAny("The data source");
  }
}
