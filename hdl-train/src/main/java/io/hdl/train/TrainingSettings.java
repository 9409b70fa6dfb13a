package io.hdl.train;

import io.hdl.core.error.Problems;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.Split;
import io.hdl.train.evaluate.QualityGate;
import io.hdl.train.loss.Loss;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.optim.LearningRate;
import io.hdl.train.optim.Optimizer;
import io.hdl.train.parallel.Devices;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
    QualityGate gate) {
  enum Report {
    ON,
    OFF
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
    problems.require(
        maxGradientNorm >= 0 && Double.isFinite(maxGradientNorm),
        () -> "max_gradient_norm: " + maxGradientNorm + " (expected: >= 0)");
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
    map.put("scale", scaling.name());
    map.put("season", Integer.toString(season));
    map.put("devices", devices.toString());
    map.put("batch_size", Integer.toString(batchSize));
    map.put("epochs", Integer.toString(epochs));
    if (windowsPerEpoch != Long.MAX_VALUE) {
      map.put("windows_per_epoch", Long.toString(windowsPerEpoch));
    }
    optimizer.settings().forEach((name, value) -> map.put("optimizer." + name, value));
    map.put("learning_rate_schedule", schedule.name());
    map.put("max_gradient_norm", Double.toString(maxGradientNorm));
    map.put("loss", loss.name());
    map.put("loss_unit", lossUnit.name());
    map.put("patience", Integer.toString(patience));
    map.put("report", report.name());
    return map;
  }

  TrainingSettings withContext(int value) {
    return new TrainingSettings(
        model,
        value,
        horizon,
        chosenSplit,
        scaling,
        season,
        devices,
        batchSize,
        epochs,
        windowsPerEpoch,
        optimizer,
        schedule,
        maxGradientNorm,
        loss,
        lossUnit,
        patience,
        report,
        gate);
  }

  TrainingSettings withHorizon(int value) {
    return new TrainingSettings(
        model,
        context,
        value,
        chosenSplit,
        scaling,
        season,
        devices,
        batchSize,
        epochs,
        windowsPerEpoch,
        optimizer,
        schedule,
        maxGradientNorm,
        loss,
        lossUnit,
        patience,
        report,
        gate);
  }

  TrainingSettings withSplit(Split value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        Optional.of(value),
        scaling,
        season,
        devices,
        batchSize,
        epochs,
        windowsPerEpoch,
        optimizer,
        schedule,
        maxGradientNorm,
        loss,
        lossUnit,
        patience,
        report,
        gate);
  }

  TrainingSettings withScaling(Scaling value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        chosenSplit,
        value,
        season,
        devices,
        batchSize,
        epochs,
        windowsPerEpoch,
        optimizer,
        schedule,
        maxGradientNorm,
        loss,
        lossUnit,
        patience,
        report,
        gate);
  }

  TrainingSettings withSeason(int value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        chosenSplit,
        scaling,
        value,
        devices,
        batchSize,
        epochs,
        windowsPerEpoch,
        optimizer,
        schedule,
        maxGradientNorm,
        loss,
        lossUnit,
        patience,
        report,
        gate);
  }

  TrainingSettings withDevices(Devices value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        chosenSplit,
        scaling,
        season,
        value,
        batchSize,
        epochs,
        windowsPerEpoch,
        optimizer,
        schedule,
        maxGradientNorm,
        loss,
        lossUnit,
        patience,
        report,
        gate);
  }

  TrainingSettings withBatchSize(int value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        chosenSplit,
        scaling,
        season,
        devices,
        value,
        epochs,
        windowsPerEpoch,
        optimizer,
        schedule,
        maxGradientNorm,
        loss,
        lossUnit,
        patience,
        report,
        gate);
  }

  TrainingSettings withEpochs(int value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        chosenSplit,
        scaling,
        season,
        devices,
        batchSize,
        value,
        windowsPerEpoch,
        optimizer,
        schedule,
        maxGradientNorm,
        loss,
        lossUnit,
        patience,
        report,
        gate);
  }

  TrainingSettings withWindowsPerEpoch(long value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        chosenSplit,
        scaling,
        season,
        devices,
        batchSize,
        epochs,
        value,
        optimizer,
        schedule,
        maxGradientNorm,
        loss,
        lossUnit,
        patience,
        report,
        gate);
  }

  TrainingSettings withOptimizer(Optimizer value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        chosenSplit,
        scaling,
        season,
        devices,
        batchSize,
        epochs,
        windowsPerEpoch,
        value,
        schedule,
        maxGradientNorm,
        loss,
        lossUnit,
        patience,
        report,
        gate);
  }

  TrainingSettings withSchedule(LearningRate value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        chosenSplit,
        scaling,
        season,
        devices,
        batchSize,
        epochs,
        windowsPerEpoch,
        optimizer,
        value,
        maxGradientNorm,
        loss,
        lossUnit,
        patience,
        report,
        gate);
  }

  TrainingSettings withMaxGradientNorm(double value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        chosenSplit,
        scaling,
        season,
        devices,
        batchSize,
        epochs,
        windowsPerEpoch,
        optimizer,
        schedule,
        value,
        loss,
        lossUnit,
        patience,
        report,
        gate);
  }

  TrainingSettings withLoss(Loss value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        chosenSplit,
        scaling,
        season,
        devices,
        batchSize,
        epochs,
        windowsPerEpoch,
        optimizer,
        schedule,
        maxGradientNorm,
        value,
        lossUnit,
        patience,
        report,
        gate);
  }

  TrainingSettings withLossUnit(LossUnit value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        chosenSplit,
        scaling,
        season,
        devices,
        batchSize,
        epochs,
        windowsPerEpoch,
        optimizer,
        schedule,
        maxGradientNorm,
        loss,
        value,
        patience,
        report,
        gate);
  }

  TrainingSettings withPatience(int value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        chosenSplit,
        scaling,
        season,
        devices,
        batchSize,
        epochs,
        windowsPerEpoch,
        optimizer,
        schedule,
        maxGradientNorm,
        loss,
        lossUnit,
        value,
        report,
        gate);
  }

  TrainingSettings withReport(Report value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        chosenSplit,
        scaling,
        season,
        devices,
        batchSize,
        epochs,
        windowsPerEpoch,
        optimizer,
        schedule,
        maxGradientNorm,
        loss,
        lossUnit,
        patience,
        value,
        gate);
  }

  TrainingSettings withGate(QualityGate value) {
    return new TrainingSettings(
        model,
        context,
        horizon,
        chosenSplit,
        scaling,
        season,
        devices,
        batchSize,
        epochs,
        windowsPerEpoch,
        optimizer,
        schedule,
        maxGradientNorm,
        loss,
        lossUnit,
        patience,
        report,
        value);
  }
}
