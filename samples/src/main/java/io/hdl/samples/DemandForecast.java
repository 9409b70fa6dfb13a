package io.hdl.samples;

import io.hdl.core.HybridJob;
import io.hdl.core.JobResult;
import io.hdl.core.job.Opened;
import io.hdl.core.job.Tracker;
import io.hdl.core.progress.ProgressBar;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesStore;
import io.hdl.samples.retail.ExpectedValues;
import io.hdl.samples.retail.RetailGenerator;
import io.hdl.tracking.Mlflow;
import io.hdl.train.Forecaster;
import io.hdl.train.evaluate.Evaluator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
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
    SampleFailure failure = new SampleFailure("DemandForecast");
    return new CommandLine(sample)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (cause, line, parsed) ->
                failure.of(cause, sample.options.run.verbose, sample.times.ended()))
        .setParameterExceptionHandler((wrong, given) -> failure.wrongOptions(wrong))
        .execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    long began = System.nanoTime();
    RunOptions run = options.run;
    ForecastSettings settings =
        ForecastSettings.of(options.table, options.training, options.training.model, run);
    Path home = run.homeDirectory();
    PrintStream people = run.people();
    ForecastTable table = ForecastTable.of(settings, options.table, home);
    try (HybridJob<Forecaster> job =
        HybridJob.named(run.name == null ? "demand-forecast" : run.name)
            .data(table.source())
            .train(settings.training())
            .track(run.track ? Mlflow.fromEnvironment() : Tracker.none())
            .seed(settings.seed())
            .home(home)
            .listener(ProgressBar.onErrorStream())
            .listener(times)
            .build()) {
      JobResult<Forecaster> result = job.run();
      long version = result.provenance().data().orElseThrow().version();
      // What follows reads the very version that was trained on.
      try (Forecaster forecaster = result.model();
          Opened<SeriesStore> data = table.source(TableVersion.number(version)).load(home)) {
        NextSteps next = NextSteps.of(forecaster, data.data(), settings);
        Optional<Path> file = next.write(result.directory().root().resolve("forecast.csv"));
        DemandResult summary =
            new DemandResult(
                result,
                settings,
                table.retail().map(generator -> oracle(generator, data.data(), settings)),
                times.facts(),
                Duration.ofNanos(System.nanoTime() - began));
        people.println();
        people.println(summary.table());
        people.println();
        people.println(next);
        people.println();
        people.println(summary.places(file));
        run.writeJson(summary.json(file));
      }
    }
    return 0;
  }

  /** The scores of the generator's own values on the windows that the model was scored on. */
  private static DemandResult.Oracle oracle(
      RetailGenerator generator, SeriesStore store, ForecastSettings settings) {
    Evaluator evaluator =
        Evaluator.of(store, settings.split(), settings.context(), settings.horizon())
            .season(settings.season());
    return new DemandResult.Oracle(
        evaluator.errors(Part.TEST, ExpectedValues.means(generator, store)).scores(),
        evaluator.errors(Part.TEST, ExpectedValues.medians(generator, store)).scores());
  }
}
