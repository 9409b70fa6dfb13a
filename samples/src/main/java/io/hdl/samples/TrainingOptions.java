package io.hdl.samples;

import io.hdl.samples.Choices.FeatureChoice;
import io.hdl.samples.Choices.SamplingChoice;
import io.hdl.samples.Choices.ScaleChoice;
import io.hdl.samples.Choices.SettingsChoice;
import io.hdl.samples.Choices.SplitChoice;
import io.hdl.train.LossUnit;
import io.hdl.train.loss.Loss;
import io.hdl.train.optim.LearningRate;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.Precision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a model is trained, as options; null where one was not given. */
class TrainingOptions {
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

  @Option(
      names = "--settings",
      paramLabel = "defaults|published",
      description = {
        "Which settings a model begins with: hdl's own, or those of its paper",
        "or its authors' code; --set changes single ones. Default: defaults."
      })
  @Nullable SettingsChoice settings;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = {
        "A setting of the model's own, as its saved forecasters name it:",
        "--set hidden=512 --set pooling=4,2,1."
      })
  Map<String, String> modelSettings = new LinkedHashMap<>();

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      converter = Choices.LossOf.class,
      description = {
        "mae, mse, huber:1, quantiles:0.1,0.5,0.9, smape, mase:24, poisson,",
        "tweedie:1.5, gaussian, student_t or negative_binomial; default: mae,",
        "for deepar student_t."
      })
  @Nullable Loss loss;

  @Option(
      names = "--loss-unit",
      paramLabel = "original|scaled",
      description = {
        "Whether a large series counts more in the loss, as in WAPE, or all",
        "count alike; default: original."
      })
  @Nullable LossUnit lossUnit;

  @Option(names = "--epochs", paramLabel = "N", description = "Most epochs; default: 10.")
  @Nullable Integer epochs;

  @Option(
      names = "--windows-per-epoch",
      paramLabel = "N",
      description = "Most windows that an epoch draws; default: all.")
  @Nullable Long windowsPerEpoch;

  @Option(
      names = "--recent",
      paramLabel = "N",
      description = "Trains on the last N origins of each series alone; default: on all.")
  @Nullable Integer recent;

  @Option(
      names = "--sampling",
      paramLabel = "windows|series",
      description = {
        "Whether each window is drawn equally often, or each series;",
        "default: windows."
      })
  @Nullable SamplingChoice sampling;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description = "Epochs without a better validation loss that end it; default: 3.")
  @Nullable Integer patience;

  @Option(names = "--batch-size", paramLabel = "N", description = "Windows per step; default: 512.")
  @Nullable Integer batchSize;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description = "Learning rate of the optimizer; default: 0.001.")
  @Nullable Double learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "SCHEDULE",
      converter = Choices.ScheduleOf.class,
      description = {
        "How the learning rate changes: constant, cosine, step:EPOCHS,FACTOR,",
        "one_cycle or plateau; default: cosine."
      })
  @Nullable LearningRate schedule;

  @Option(
      names = "--averaging",
      paramLabel = "X",
      description = {
        "Hands back a running average of the weights of which every step keeps",
        "this share, such as 0.99; default: the weights themselves."
      })
  @Nullable Double averaging;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "Width of the hidden layers, of models that have them.")
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

  @Option(
      names = "--precision",
      paramLabel = "float32|bfloat16",
      converter = Choices.PrecisionOf.class,
      description = {
        "In which number format training computes its linear layers, of models",
        "that can; forecasts are made in float32. Default: float32."
      })
  @Nullable Precision precision;
}
