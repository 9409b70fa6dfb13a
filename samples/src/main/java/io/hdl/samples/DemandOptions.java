package io.hdl.samples;

import io.hdl.data.series.Frequency;
import io.hdl.samples.Choices.FeatureChoice;
import io.hdl.samples.Choices.GapChoice;
import io.hdl.samples.Choices.ModelChoice;
import io.hdl.samples.Choices.ScaleChoice;
import io.hdl.samples.Choices.SeriesChoice;
import io.hdl.samples.Choices.SplitChoice;
import io.hdl.train.loss.Loss;
import io.hdl.train.parallel.Devices;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of {@link DemandForecast} as they were given; null where one was not. */
final class DemandOptions {
  @ArgGroup(exclusive = false, heading = "%nThe table (without --table a made-up one is used):%n")
  TableOptions table = new TableOptions();

  @ArgGroup(exclusive = false, heading = "%nThe model and its training:%n")
  TrainingOptions training = new TrainingOptions();

  @ArgGroup(exclusive = false, heading = "%nThe run:%n")
  RunOptions run = new RunOptions();

  /** What is read. */
  static final class TableOptions {
    @Option(
        names = "--table",
        paramLabel = "PATH|URI",
        description = "Delta table to train on: a folder, or an address of a lake (abfss://...).")
    @Nullable String table;

    @Option(
        names = "--key",
        paramLabel = "A,B",
        split = ",",
        hideParamSyntax = true,
        description = "Columns that tell the series apart.")
    @Nullable List<String> key;

    @Option(
        names = "--time",
        paramLabel = "C",
        description = "Column of the time: date, timestamp or integer.")
    @Nullable String time;

    @Option(
        names = "--frequency",
        paramLabel = "F",
        converter = Choices.FrequencyOf.class,
        description = "Step of the series: D, W, M, H or integer.")
    @Nullable Frequency frequency;

    @Option(names = "--target", paramLabel = "Y", description = "Column to forecast.")
    @Nullable String target;

    @Option(
        names = "--known",
        paramLabel = "A,B",
        split = ",",
        hideParamSyntax = true,
        description = "Covariates that are known ahead.")
    @Nullable List<String> known;

    @Option(
        names = "--past",
        paramLabel = "A,B",
        split = ",",
        hideParamSyntax = true,
        description = "Covariates that are known up to now only.")
    @Nullable List<String> past;

    @Option(
        names = "--constant",
        paramLabel = "A,B",
        split = ",",
        hideParamSyntax = true,
        description = "Columns with one value per series.")
    @Nullable List<String> constant;

    @Option(
        names = "--gaps",
        paramLabel = "zero|missing",
        description = "What a missing row means; default: missing.")
    @Nullable GapChoice gaps;

    @Option(
        names = "--series",
        paramLabel = "all|complete",
        description = "Which series to keep; default: all.")
    @Nullable SeriesChoice series;

    @Option(
        names = "--version",
        paramLabel = "N",
        description = "Version of the table; default: the latest.")
    @Nullable Long version;

    @Option(
        names = "--hot",
        paramLabel = "DIR",
        description = {
          "Where files of a lake are kept on a disk of this machine;",
          "default: HDL_HOT on an NVIDIA host, else cache in the home directory."
        })
    @Nullable Path hot;

    @Option(
        names = "--warm",
        paramLabel = "DIR",
        description = {
          "Where they are kept on a disk that machines share;",
          "default: HDL_WARM on an NVIDIA host, else nowhere."
        })
    @Nullable Path warm;
  }

  /** How it is trained. */
  static final class TrainingOptions {
    @Option(names = "--context", paramLabel = "N", description = "Steps that the model sees.")
    @Nullable Integer context;

    @Option(names = "--horizon", paramLabel = "N", description = "Steps that it forecasts.")
    @Nullable Integer horizon;

    @Option(
        names = "--split",
        paramLabel = "SPLIT",
        converter = Choices.SplitOf.class,
        description = {
          "A,B,C: steps for training, validation and test from the start;",
          "last or last:B,C: validation and test from the end.",
          "Default: last, each as long as the horizon."
        })
    @Nullable SplitChoice split;

    @Option(
        names = "--scale",
        paramLabel = "none|standard|mean",
        description = "Scaling of the target, series by series; default: mean.")
    @Nullable ScaleChoice scale;

    @Option(
        names = "--features",
        paramLabel = "calendar,lags",
        split = ",",
        hideParamSyntax = true,
        description = {
          "calendar: place in the day, week or year, by frequency;",
          "lags: the target a horizon and a season ago. Default: none."
        })
    @Nullable List<FeatureChoice> features;

    @Option(
        names = "--season",
        paramLabel = "N",
        description = "Steps of a season; default: 24, 7, 52 or 12 by frequency, else 1.")
    @Nullable Integer season;

    @Option(names = "--model", paramLabel = "dlinear|nhits", description = "Default: nhits.")
    @Nullable ModelChoice model;

    @Option(
        names = "--loss",
        paramLabel = "LOSS",
        converter = Choices.LossOf.class,
        description = "mae, mse or quantiles:0.1,0.5,0.9; default: mae.")
    @Nullable Loss loss;

    @Option(names = "--epochs", paramLabel = "N", description = "Most epochs; default: 10.")
    @Nullable Integer epochs;

    @Option(
        names = "--windows-per-epoch",
        paramLabel = "N",
        description = "Most windows that an epoch draws; default: all.")
    @Nullable Long windowsPerEpoch;

    @Option(
        names = "--batch-size",
        paramLabel = "N",
        description = "Windows per step; default: 512.")
    @Nullable Integer batchSize;

    @Option(
        names = "--learning-rate",
        paramLabel = "X",
        description = "Learning rate of the optimizer; default: 0.001.")
    @Nullable Double learningRate;

    @Option(
        names = "--hidden",
        paramLabel = "N",
        description = "Width of N-HiTS' hidden layers; default: 256.")
    @Nullable Integer hidden;

    @Option(
        names = "--seed",
        paramLabel = "N",
        description = "Seed of every random choice; default: 1.")
    @Nullable Long seed;

    @Option(
        names = "--devices",
        paramLabel = "DEVICES",
        converter = Choices.DevicesOf.class,
        description = "auto, cpu, all or GPU numbers such as 0,1; default: auto.")
    @Nullable Devices devices;
  }

  /** Where it goes. */
  static final class RunOptions {
    @Option(
        names = "--home",
        paramLabel = "DIR",
        description = "Where runs are kept; default: HDL_HOME, else ~/.hdl.")
    @Nullable Path home;

    @Option(
        names = "--name",
        paramLabel = "NAME",
        description = "Name of the job; default: demand-forecast.")
    String name = "demand-forecast";

    @Option(
        names = "--json",
        paramLabel = "FILE|-",
        description = "Writes the result as JSON; - for standard output, then alone on it.")
    @Nullable String json;

    @Option(
        names = "--track",
        negatable = true,
        defaultValue = "true",
        fallbackValue = "true",
        description = "Tracks the run in MLflow (MLFLOW_TRACKING_URI, else a local directory).")
    boolean track = true;

    @Option(names = "--verbose", description = "Shows stack traces of failures.")
    boolean verbose;

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Shows this and ends.")
    boolean help;
  }
}
