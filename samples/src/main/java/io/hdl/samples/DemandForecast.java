package io.hdl.samples;

import io.hdl.core.HybridJob;
import io.hdl.core.JobResult;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.job.Opened;
import io.hdl.core.job.Tracker;
import io.hdl.core.json.Json;
import io.hdl.core.progress.ProgressBar;
import io.hdl.core.progress.ProgressStyle;
import io.hdl.core.run.Home;
import io.hdl.data.DeltaSource;
import io.hdl.data.SeriesSource;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesStore;
import io.hdl.samples.retail.ExpectedValues;
import io.hdl.samples.retail.RetailGenerator;
import io.hdl.samples.retail.RetailTable;
import io.hdl.tracking.Mlflow;
import io.hdl.train.ForecastTraining;
import io.hdl.train.Forecaster;
import io.hdl.train.evaluate.Evaluator;
import io.hdl.train.optim.Adam;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Trains a demand forecast on a Delta table, end to end, and forecasts the steps to come.
 *
 * <p>Without arguments it writes a made-up retail table first and holds the forecast against what
 * nobody can beat; with {@code --table} it takes any table of time series.
 */
@Command(
    name = "samples/run DemandForecast",
    sortOptions = false,
    usageHelpAutoWidth = true,
    abbreviateSynopsis = true,
    description = "Trains a demand forecast on a Delta table, end to end.",
    footer = {
      "",
      "Exit status: 0 done, 1 failure, 2 wrong settings, 130 Ctrl-C, 143 SIGTERM.",
      "An interrupted run is continued by the same command."
    })
public final class DemandForecast implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int WRONG_SETTINGS = 2;
  private static final int INTERRUPTED = 130;
  private static final String VERBOSE_HINT = " (--verbose shows where)";

  @Mixin private DemandOptions options = new DemandOptions();
  private final StageTimes times = new StageTimes();

  private DemandForecast() {}

  /** Runs the sample and ends the process with its exit status. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the sample within this process. */
  static int run(String... arguments) {
    DemandForecast sample = new DemandForecast();
    return new CommandLine(sample)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((failure, line, parsed) -> sample.failed(failure))
        .setParameterExceptionHandler(
            (wrong, given) -> {
              System.err.println("DemandForecast: " + wrong.getMessage());
              System.err.println("--help lists the options.");
              return WRONG_SETTINGS;
            })
        .execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    long began = System.nanoTime();
    DemandSettings settings = DemandSettings.of(options);
    Path home = home();
    // With the JSON on standard output everything for people goes to standard error.
    PrintStream people = "-".equals(options.run.json) ? System.err : System.out;

    Optional<RetailGenerator> retail =
        settings.table().isPresent()
            ? Optional.empty()
            : Optional.of(RetailGenerator.seeded(settings.seed()));
    String table = settings.table().orElseGet(() -> retailTable(home, settings.seed()).toString());

    Optional<CacheTiers> tiers = CacheOptions.tiers(options.table.hot, options.table.warm);
    try (HybridJob<Forecaster> job =
        HybridJob.named(options.run.name)
            .data(source(table, settings, version(settings), tiers))
            .train(training(settings))
            .track(options.run.track ? Mlflow.fromEnvironment() : Tracker.none())
            .seed(settings.seed())
            .home(home)
            .listener(ProgressBar.onErrorStream())
            .listener(times)
            .build()) {
      JobResult<Forecaster> result = job.run();
      long version = result.provenance().data().orElseThrow().version();
      // What follows reads the very version that was trained on.
      try (Forecaster forecaster = result.model();
          Opened<SeriesStore> data =
              source(table, settings, TableVersion.number(version), tiers).load(home)) {
        NextSteps next = NextSteps.of(forecaster, data.data(), settings);
        Optional<Path> file = next.write(result.directory().root().resolve("forecast.csv"));
        DemandResult summary =
            new DemandResult(
                result,
                settings,
                retail.map(generator -> oracle(generator, data.data(), settings)),
                times.facts(),
                Duration.ofNanos(System.nanoTime() - began));
        people.println();
        people.println(summary.table());
        people.println();
        people.println(next);
        people.println();
        people.println(summary.places(file));
        writeJson(summary.json(file));
      }
    }
    return 0;
  }

  private static TableVersion version(DemandSettings settings) {
    return settings.version().isPresent()
        ? TableVersion.number(settings.version().getAsLong())
        : TableVersion.latest();
  }

  private static SeriesSource source(
      String table, DemandSettings settings, TableVersion version, Optional<CacheTiers> tiers) {
    DeltaSource source = DeltaSource.at(table).version(version);
    return tiers.map(source::cache).orElse(source).series(settings.series());
  }

  private static ForecastTraining training(DemandSettings settings) {
    return ForecastTraining.of(settings.model())
        .context(settings.context())
        .horizon(settings.horizon())
        .split(settings.split())
        .scale(settings.scaling())
        .features(settings.features())
        .season(settings.season())
        .devices(settings.devices())
        .globalBatchSize(settings.batchSize())
        .epochs(settings.epochs())
        .windowsPerEpoch(settings.windowsPerEpoch().orElse(Long.MAX_VALUE))
        .optimizer(Adam.learningRate(settings.learningRate()))
        .loss(settings.loss());
  }

  /** The scores of the generator's own values on the windows that the model was scored on. */
  private static DemandResult.Oracle oracle(
      RetailGenerator generator, SeriesStore store, DemandSettings settings) {
    Evaluator evaluator =
        Evaluator.of(store, settings.split(), settings.context(), settings.horizon())
            .season(settings.season());
    return new DemandResult.Oracle(
        evaluator.errors(Part.TEST, ExpectedValues.means(generator, store)).scores(),
        evaluator.errors(Part.TEST, ExpectedValues.medians(generator, store)).scores());
  }

  private void writeJson(Map<String, Object> result) throws IOException {
    String file = options.run.json;
    if ("-".equals(file)) {
      System.out.println(Json.writePretty(result));
    } else if (file != null) {
      Files.writeString(Path.of(file), Json.writePretty(result) + System.lineSeparator());
    }
  }

  /** Words for a failure, and the exit status. */
  private int failed(Exception failure) {
    if (options.run.verbose) {
      failure.printStackTrace();
    }
    // What a job failed of has been said by its progress.
    boolean said = times.ended() && ProgressStyle.detect() != ProgressStyle.OFF;
    if (failure instanceof JobCancelledException) {
      say((said ? "stopped" : failure.getMessage()) + "; the same command continues the run");
      return INTERRUPTED;
    }
    if (failure instanceof HdlException known) {
      if (!said) {
        say(String.valueOf(known.getMessage()));
      }
      boolean settings =
          known.code() == ErrorCode.INVALID_SETTINGS || known.code() == ErrorCode.INVALID_ARGUMENT;
      return settings ? WRONG_SETTINGS : FAILED;
    }
    say(failure + (options.run.verbose ? "" : VERBOSE_HINT));
    return FAILED;
  }

  private static void say(String text) {
    System.err.println("DemandForecast: " + text);
  }

  private Path home() {
    Path home = options.run.home;
    return (home == null ? Home.resolve(System.getenv()) : home).toAbsolutePath().normalize();
  }

  /** The made-up table, which is written once per seed and kept. */
  private static Path retailTable(Path home, long seed) {
    Path folder = home.resolve("tables").resolve("retail-" + seed);
    if (!Files.exists(folder)) {
      System.err.println("Writing a retail table to " + folder + " ...");
    }
    RetailTable.ensure(folder, RetailGenerator.seeded(seed));
    return folder;
  }
}
