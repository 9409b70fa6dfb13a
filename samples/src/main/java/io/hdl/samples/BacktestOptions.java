package io.hdl.samples;

import io.hdl.train.evaluate.Combination;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of {@link Backtest} as they were given; null where one was not. */
final class BacktestOptions {
  @ArgGroup(exclusive = false, heading = "%nThe table (without --table a made-up one is used):%n")
  TableOptions table = new TableOptions();

  @ArgGroup(exclusive = false, heading = "%nWhat is compared:%n")
  ComparisonOptions comparison = new ComparisonOptions();

  @ArgGroup(exclusive = false, heading = "%nThe models and their training:%n")
  TrainingOptions training = new TrainingOptions();

  @ArgGroup(exclusive = false, heading = "%nThe run:%n")
  RunOptions run = new RunOptions();

  /** In what the errors are counted. */
  enum Report {
    original,
    scaled
  }

  /** Which windows of each series are scored. */
  enum WhichWindows {
    all,
    last
  }

  /** What is held against what. */
  static final class ComparisonOptions {
    @Option(
        names = "--model",
        paramLabel = "NAME,...",
        split = ",",
        hideParamSyntax = true,
        description = {
          "Models to train, of " + Choices.MODELS + "; ensemble stands for all of them",
          "together, alone for nhits and nbeats. Default: nhits."
        })
    @Nullable List<String> models;

    @Option(
        names = "--candidates",
        paramLabel = "FILE",
        description = {
          "File of candidates instead, one a line: NAME: options as here, or",
          "NAME: --members NAME,... for an ensemble."
        })
    @Nullable Path candidates;

    @Option(
        names = "--seeds",
        paramLabel = "N,...",
        split = ",",
        hideParamSyntax = true,
        description = "Trains each model once per seed and combines them; default: --seed.")
    @Nullable List<Long> seeds;

    @Option(
        names = "--combine",
        paramLabel = "mean|median",
        description = "How forecasts become one; default: median.")
    @Nullable Combination combine;

    @Option(
        names = "--baselines",
        paramLabel = "NAME,...",
        split = ",",
        hideParamSyntax = true,
        description = {
          "Baselines to score beside: naive, seasonal_naive, moving_average, naive2,",
          "theta, ets, croston, croston_sba, croston_tsb; naive2 adds OWA.",
          "Default: naive,seasonal_naive."
        })
    @Nullable List<String> baselines;

    @Option(
        names = "--fallback",
        paramLabel = "BASELINE",
        description = {
          "Baseline that forecasts series shorter than a candidate's contexts;",
          "default: seasonal_naive."
        })
    @Nullable String fallback;

    @Option(
        names = "--history",
        paramLabel = "N",
        description = "Fewest steps before a scored window; default: the shortest context.")
    @Nullable Integer history;

    @Option(
        names = "--report",
        paramLabel = "original|scaled",
        description = {
          "Errors in the target's own unit, or on the target standardised per",
          "series by the training part, as papers do for ETT. Default: original."
        })
    Report report = Report.original;

    @Option(
        names = "--windows",
        paramLabel = "all|last",
        description = "All windows of a part, or the last of each series; default: all.")
    WhichWindows windows = WhichWindows.all;

    @Option(
        names = "--stride",
        paramLabel = "N",
        description = "Steps between the origins of scored windows; default: 1.")
    @Nullable Integer stride;

    @Option(
        names = "--metric",
        paramLabel = "NAME",
        description = "What the best candidate is told by, on validation; default: wape.")
    String metric = "wape";

    @Option(
        names = "--select",
        paramLabel = "FILE",
        description = {
          "Chooses on validation alone and writes the choice: trains on data that",
          "ends where the test part begins, and scores nothing behind that."
        })
    @Nullable String select;

    @Option(
        names = "--choice",
        paramLabel = "FILE",
        description = "Scores what --select trained on the test part; the other options as there.")
    @Nullable Path choice;

    @Option(
        names = "--reuse",
        paramLabel = "FILE",
        description = {
          "Notes down in a file what was trained with which settings, and does",
          "not train again what stands there."
        })
    @Nullable String reuse;

    @Option(
        names = "--refit",
        description = {
          "With --choice: trains everything once more, on training and validation",
          "part, each for as many epochs as were best before."
        })
    boolean refit;
  }
}
