package io.hdl.train;

import io.hdl.data.feature.FeaturePipeline;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowSelection;
import io.hdl.train.checkpoint.CheckpointPolicy;
import io.hdl.train.evaluate.QualityGate;
import io.hdl.train.loss.Loss;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.optim.LearningRate;
import io.hdl.train.optim.Optimizer;
import io.hdl.train.optim.WeightAveraging;
import io.hdl.train.parallel.Determinism;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.Precision;
import java.util.List;
import java.util.Optional;

/** Settings while one of them is changed. */
final class TrainingDraft {
  final ForecastModel model;
  int context;
  int horizon;
  Optional<Split> chosenSplit;
  Scaling scaling;
  int season;
  Devices devices;
  int batchSize;
  int epochs;
  long windowsPerEpoch;
  Optimizer optimizer;
  LearningRate schedule;
  double maxGradientNorm;
  Loss loss;
  LossUnit lossUnit;
  int patience;
  TrainingSettings.Report report;
  QualityGate gate;
  FeaturePipeline features;
  WindowSelection selection;
  Determinism determinism;
  int accumulation;
  WeightAveraging averaging;
  Precision precision;
  CheckpointPolicy checkpoints;
  List<String> baselines;

  TrainingDraft(TrainingSettings settings) {
    model = settings.model();
    context = settings.context();
    horizon = settings.horizon();
    chosenSplit = settings.chosenSplit();
    scaling = settings.scaling();
    season = settings.season();
    devices = settings.devices();
    batchSize = settings.batchSize();
    epochs = settings.epochs();
    windowsPerEpoch = settings.windowsPerEpoch();
    optimizer = settings.optimizer();
    schedule = settings.schedule();
    maxGradientNorm = settings.maxGradientNorm();
    loss = settings.loss();
    lossUnit = settings.lossUnit();
    patience = settings.patience();
    report = settings.report();
    gate = settings.gate();
    features = settings.features();
    selection = settings.selection();
    determinism = settings.determinism();
    accumulation = settings.accumulation();
    averaging = settings.averaging();
    precision = settings.precision();
    checkpoints = settings.checkpoints();
    baselines = settings.baselines();
  }

  TrainingSettings settings() {
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
        gate,
        features,
        selection,
        determinism,
        accumulation,
        averaging,
        precision,
        checkpoints,
        baselines);
  }
}
