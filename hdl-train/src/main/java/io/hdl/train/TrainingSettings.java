package io.hdl.train;

import ai.djl.Device;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.Problems;
import io.hdl.data.feature.FeaturePipeline;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowSelection;
import io.hdl.train.checkpoint.CheckpointPolicy;
import io.hdl.train.evaluate.Baseline;
import io.hdl.train.evaluate.Evaluator;
import io.hdl.train.evaluate.QualityGate;
import io.hdl.train.loss.Loss;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.optim.Adam;
import io.hdl.train.optim.LearningRate;
import io.hdl.train.optim.Optimizer;
import io.hdl.train.optim.PlateauRate;
import io.hdl.train.optim.WeightAveraging;
import io.hdl.train.parallel.Determinism;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.Precision;
import io.hdl.train.parallel.Preflight;
import io.hdl.train.parallel.ReplicaGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** What a {@link ForecastTraining} was told; its meaning is described there. */
record TrainingSettings(
    ForecastModel model,
    int context,
    int horizon,
    Optional<Split> chosenSplit,
    Scaling scaling,
    int season,
    Devices devices,
    int batchSize,
    int epochs,
    long windowsPerEpoch,
    Optimizer optimizer,
    LearningRate schedule,
    double maxGradientNorm,
    Loss loss,
    LossUnit lossUnit,
    int patience,
    Report report,
    QualityGate gate,
    FeaturePipeline features,
    WindowSelection selection,
    Determinism determinism,
    int accumulation,
    WeightAveraging averaging,
    Precision precision,
    CheckpointPolicy checkpoints,
    List<String> baselines) {
  enum Report {
    ON,
    OFF
  }

  /** The defaults; context and horizon have to be set. */
  static TrainingSettings of(ForecastModel model) {
    return new TrainingSettings(
        Objects.requireNonNull(model, "model"),
        0,
        0,
        Optional.empty(),
        Scaling.MEAN,
        1,
        Devices.auto(),
        512,
        10,
        Long.MAX_VALUE,
        Adam.learningRate(1e-3),
        LearningRate.cosine(),
        1.0,
        Losses.mae(),
        LossUnit.ORIGINAL,
        3,
        TrainingSettings.Report.ON,
        QualityGate.beats(),
        FeaturePipeline.empty(),
        WindowSelection.all(),
        Determinism.fastest(),
        1,
        WeightAveraging.none(),
        Precision.FLOAT32,
        CheckpointPolicy.defaults(),
        Evaluator.DEFAULT_BASELINES);
  }

  /** The split, or one horizon each for validation and test. */
  Split split() {
    return chosenSplit.orElseGet(() -> Split.last(horizon, horizon));
  }

  void check(Problems problems) {
    atLeast(problems, "context", context, 1);
    atLeast(problems, "horizon", horizon, 1);
    atLeast(problems, "season", season, 1);
    atLeast(problems, "batch_size", batchSize, 1);
    atLeast(problems, "epochs", epochs, 1);
    atLeast(problems, "windows_per_epoch", windowsPerEpoch, 1);
    atLeast(problems, "patience", patience, 1);
    atLeast(problems, "accumulation", accumulation, 1);
    model.check(loss, problems);
    loss.check(horizon, problems);
    for (String baseline : baselines) {
      problems.require(
          Baseline.names().contains(baseline),
          () -> "baselines: \"" + baseline + "\" (expected: one of " + Baseline.names() + ")");
    }
    for (String baseline : gate.baselines()) {
      problems.require(
          baselines.contains(baseline),
          () ->
              "gate: baseline \""
                  + baseline
                  + "\" (expected: one that is scored, "
                  + baselines
                  + "; ask for it with baselines)");
    }
    features.check(problems);
    selection.check(context, horizon, problems);
    precision.check(model, problems);
    checkDeterminism(problems);
    problems.require(
        !(schedule instanceof PlateauRate plateau) || plateau.patience() + 1 < patience,
        () ->
            "schedule.patience: "
                + ((PlateauRate) schedule).patience()
                + " (expected: <= "
                + (patience - 2)
                + ", as training ends after "
                + patience
                + " epochs without a lower validation loss)");
    problems.require(
        maxGradientNorm >= 0 && Double.isFinite(maxGradientNorm),
        () -> "max_gradient_norm: " + maxGradientNorm + " (expected: >= 0)");
  }

  /** Adds what stands against this training on a machine, before data is opened. */
  @SuppressWarnings("CheckReturnValue") // what is known is asked again when training begins
  void checkEnvironment(HybridEnvironment environment, Problems problems) {
    Preflight.check(environment);
    List<Device> found = devices.resolve(environment);
    ReplicaGroup.requireFits(found, determinism, accumulation, batchSize);
    Preflight.checkExchange(found, determinism);
    precision.check(environment, found, System.getenv(), problems);
  }

  private void checkDeterminism(Problems problems) {
    if (determinism.microBatches().isEmpty()) {
      return;
    }
    model
        .notPortable()
        .ifPresent(
            why ->
                problems.add(
                    "determinism: "
                        + determinism
                        + " with the model "
                        + model.name()
                        + " (expected: fastest, as its bits depend on the number of replicas: "
                        + why
                        + ")"));
    problems.require(
        accumulation <= 1,
        () ->
            "accumulation: "
                + accumulation
                + " with "
                + determinism
                + " (expected: 1, as replicas take their micro-batches one after another anyway;"
                + " choose a higher number of micro-batches)");
    problems.require(
        batchSize >= determinism.microBatches().getAsInt(),
        () ->
            "batch_size: "
                + batchSize
                + " with "
                + determinism
                + " (expected: >= "
                + determinism.microBatches().getAsInt()
                + ", a window for each micro-batch)");
  }

  private static void atLeast(Problems problems, String name, long value, long least) {
    problems.require(value >= least, () -> name + ": " + value + " (expected: >= " + least + ")");
  }

  Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("model", model.name());
    model.settings().forEach((name, value) -> map.put("model." + name, value));
    map.put("context", Integer.toString(context));
    map.put("horizon", Integer.toString(horizon));
    if (horizon >= 1) {
      map.putAll(split().settings());
    }
    map.putAll(features.settings());
    if (!selection.equals(WindowSelection.all())) {
      map.putAll(selection.settings());
    }
    map.put("scale", scaling.name());
    map.put("season", Integer.toString(season));
    map.put("devices", devices.toString());
    map.put("batch_size", Integer.toString(batchSize));
    map.put("epochs", Integer.toString(epochs));
    if (windowsPerEpoch != Long.MAX_VALUE) {
      map.put("windows_per_epoch", Long.toString(windowsPerEpoch));
    }
    optimizer.settings().forEach((name, value) -> map.put("optimizer." + name, value));
    schedule.settings().forEach((name, value) -> map.put("schedule." + name, value));
    map.put("max_gradient_norm", Double.toString(maxGradientNorm));
    map.put("loss", loss.name());
    map.put("loss_unit", lossUnit.name());
    map.put("determinism", determinism.toString());
    map.put("accumulation", Integer.toString(accumulation));
    map.put("weight_averaging", Double.toString(averaging.decay()));
    map.put("precision", precision.name());
    map.put("patience", Integer.toString(patience));
    map.put("report", report.name());
    if (!baselines.equals(Evaluator.DEFAULT_BASELINES)) {
      map.put("baselines", String.join(", ", baselines));
    }
    return map;
  }

  /** The same settings after a change. */
  TrainingSettings with(Consumer<TrainingDraft> change) {
    TrainingDraft draft = new TrainingDraft(this);
    change.accept(draft);
    return draft.settings();
  }
}
