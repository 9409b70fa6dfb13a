package io.hdl.samples;

import io.hdl.core.error.Problems;
import io.hdl.data.feature.FeaturePipeline;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.Gaps;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesFilter;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowSelection;
import io.hdl.samples.Choices.FeatureChoice;
import io.hdl.samples.Choices.GapChoice;
import io.hdl.samples.Choices.SeriesChoice;
import io.hdl.samples.retail.RetailTable;
import io.hdl.train.ForecastTraining;
import io.hdl.train.LossUnit;
import io.hdl.train.loss.Loss;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.DeepAr;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.optim.Adam;
import io.hdl.train.optim.LearningRate;
import io.hdl.train.optim.WeightAveraging;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is read and how one model is trained on it, with every default filled in.
 *
 * @param table the user's table; empty for the made-up one
 */
record ForecastSettings(
    Optional<String> table,
    SeriesSpec series,
    OptionalLong version,
    int context,
    int horizon,
    Split split,
    Scaling scaling,
    FeaturePipeline features,
    int season,
    ForecastModel model,
    Loss loss,
    LossUnit lossUnit,
    WindowSelection selection,
    int epochs,
    int patience,
    OptionalLong windowsPerEpoch,
    int batchSize,
    double learningRate,
    LearningRate schedule,
    WeightAveraging averaging,
    long seed,
    Devices devices,
    Precision precision) {
  /** Fills in the defaults and checks all options together. */
  static ForecastSettings of(
      TableOptions table, TrainingOptions training, @Nullable String model, RunOptions run) {
    Problems problems = new Problems();
    boolean own = table.table != null;
    if (own) {
      required(problems, "--key", table.key);
      required(problems, "--time", table.time);
      required(problems, "--frequency", table.frequency);
      required(problems, "--target", table.target);
      required(problems, "--context", training.context);
      required(problems, "--horizon", training.horizon);
    } else {
      needless(problems, "--key", table.key);
      needless(problems, "--time", table.time);
      needless(problems, "--frequency", table.frequency);
      needless(problems, "--target", table.target);
    }
    int context = or(training.context, Retail.CONTEXT);
    int horizon = or(training.horizon, Retail.HORIZON);
    atLeastOne(problems, "--context", context);
    atLeastOne(problems, "--horizon", horizon);
    int epochs = or(training.epochs, own ? 10 : Retail.EPOCHS);
    atLeastOne(problems, "--epochs", epochs);
    OptionalLong windowsPerEpoch =
        own ? OptionalLong.empty() : OptionalLong.of(Retail.WINDOWS_PER_EPOCH);
    if (training.windowsPerEpoch != null) {
      long windows = training.windowsPerEpoch;
      problems.require(windows >= 1, () -> "--windows-per-epoch: " + windows + " (expected: >= 1)");
      windowsPerEpoch = OptionalLong.of(windows);
    }
    int batchSize = or(training.batchSize, own ? 512 : Retail.BATCH_SIZE);
    atLeastOne(problems, "--batch-size", batchSize);
    double learningRate = or(training.learningRate, own ? 1e-3 : Retail.LEARNING_RATE);
    problems.require(
        learningRate > 0 && learningRate < 1,
        () -> "--learning-rate: " + learningRate + " (expected: above 0 and below 1)");
    if (training.season != null) {
      atLeastOne(problems, "--season", training.season);
    }
    if (training.hidden != null) {
      atLeastOne(problems, "--hidden", training.hidden);
    }
    if (table.version != null) {
      long version = table.version;
      problems.require(version >= 0, () -> "--version: " + version + " (expected: >= 0)");
    }
    if (training.recent != null) {
      atLeastOne(problems, "--recent", training.recent);
    }
    if (training.averaging != null) {
      double share = training.averaging;
      problems.require(
          share > 0 && share < 1,
          () -> "--averaging: " + share + " (expected: above 0 and below 1)");
    }
    if (training.patience != null) {
      atLeastOne(problems, "--patience", training.patience);
    }
    if (run.json != null && !run.json.equals("-")) {
      writable(problems, "--json", run.json);
    }
    problems.require(
        training.features == null
            || !training.features.contains(FeatureChoice.calendar)
            || table.frequency != Frequency.INTEGER,
        () -> "--features: calendar (expected: a frequency with a calendar, not integer)");
    ForecastModel chosen = TrainingChoices.model(problems, training, model);
    problems.throwIfAny("The command line");

    SeriesSpec series = series(table);
    int season = or(training.season, Choices.usualSeason(series.frequency()));
    return new ForecastSettings(
        Optional.ofNullable(table.table),
        series,
        table.version == null ? OptionalLong.empty() : OptionalLong.of(table.version),
        context,
        horizon,
        training.split == null ? Split.last(horizon, horizon) : training.split.forHorizon(horizon),
        TrainingChoices.scaling(training),
        TrainingChoices.features(training, series, horizon, season),
        season,
        TrainingChoices.seeingSeason(chosen, training, season, context),
        loss(training, chosen, own),
        or(training.lossUnit, LossUnit.ORIGINAL),
        TrainingChoices.selection(training),
        epochs,
        or(training.patience, 3),
        windowsPerEpoch,
        batchSize,
        learningRate,
        or(training.schedule, LearningRate.cosine()),
        training.averaging == null
            ? WeightAveraging.none()
            : WeightAveraging.exponential(training.averaging),
        or(training.seed, 1L),
        or(training.devices, Devices.auto()),
        or(training.precision, Precision.FLOAT32));
  }

  /** What was chosen for the made-up table, on its validation part. */
  private static final class Retail {
    static final int CONTEXT = 56;
    static final int HORIZON = 28;
    static final int EPOCHS = 8;
    static final long WINDOWS_PER_EPOCH = 60_000;
    static final int BATCH_SIZE = 512;
    static final double LEARNING_RATE = 1e-3;

    static Loss loss() {
      return Losses.quantiles(0.1, 0.5, 0.9);
    }
  }

  private static SeriesSpec series(TableOptions options) {
    SeriesSpec series = RetailTable.series();
    if (options.key != null
        && options.time != null
        && options.frequency != null
        && options.target != null) {
      series =
          SeriesSpec.keyedBy(array(options.key))
              .orderedBy(options.time, options.frequency)
              .target(options.target)
              .gaps(Gaps.MISSING);
    }
    if (options.known != null) {
      series = series.known(array(options.known));
    }
    if (options.past != null) {
      series = series.past(array(options.past));
    }
    if (options.constant != null) {
      series = series.constant(array(options.constant));
    }
    if (options.gaps != null) {
      series = series.gaps(options.gaps == GapChoice.zero ? Gaps.ZERO : Gaps.MISSING);
    }
    if (options.series != null) {
      series =
          series.keep(
              options.series == SeriesChoice.complete ? SeriesFilter.COMPLETE : SeriesFilter.ALL);
    }
    return series;
  }

  private static Loss loss(TrainingOptions options, ForecastModel model, boolean own) {
    if (options.loss != null) {
      return options.loss;
    }
    if (model instanceof DeepAr) {
      return Losses.studentT();
    }
    return own ? Losses.mae() : Retail.loss();
  }

  /** The training of the model. */
  ForecastTraining training() {
    return ForecastTraining.of(model)
        .context(context)
        .horizon(horizon)
        .split(split)
        .scale(scaling)
        .features(features)
        .season(season)
        .devices(devices)
        .precision(precision)
        .globalBatchSize(batchSize)
        .epochs(epochs)
        .patience(patience)
        .windowsPerEpoch(windowsPerEpoch.orElse(Long.MAX_VALUE))
        .windows(selection)
        .optimizer(Adam.learningRate(learningRate))
        .learningRate(schedule)
        .averaging(averaging)
        .loss(loss)
        .lossUnit(lossUnit);
  }

  private static String[] array(List<String> names) {
    return names.toArray(String[]::new);
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }

  /** Found out now, not after the training. */
  static void writable(Problems problems, String option, String json) {
    Path file = Path.of(json).toAbsolutePath();
    Path folder = file.getParent();
    problems.require(
        !Files.isDirectory(file)
            && folder != null
            && Files.isDirectory(folder)
            && Files.isWritable(Files.exists(file) ? file : folder),
        () -> option + ": " + json + " (expected: - or a file in an existing, writable folder)");
  }

  private static void required(Problems problems, String option, @Nullable Object value) {
    problems.require(value != null, () -> option + ": not given (expected beside --table)");
  }

  private static void needless(Problems problems, String option, @Nullable Object value) {
    problems.require(
        value == null, () -> option + ": given without --table (expected: --table with it)");
  }

  private static void atLeastOne(Problems problems, String option, int value) {
    problems.require(value >= 1, () -> option + ": " + value + " (expected: >= 1)");
  }
}
