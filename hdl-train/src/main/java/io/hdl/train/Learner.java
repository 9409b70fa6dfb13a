package io.hdl.train;

import ai.djl.Device;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.WindowBatch;
import io.hdl.train.checkpoint.Safetensors;
import io.hdl.train.checkpoint.TrainingState;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.optim.AveragedWeights;
import io.hdl.train.optim.LearningRate;
import io.hdl.train.optim.RateSchedule;
import io.hdl.train.parallel.ReplicaGroup;
import io.hdl.train.parallel.StepTimes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What learns: the replicas of the model, the moving average of their weights, the schedule of
 * their learning rate. Belongs to the thread that trains.
 */
final class Learner implements AutoCloseable {
  private final TrainingSettings settings;
  private final long seed;
  private final ReplicaGroup replicas;
  private final Optional<AveragedWeights> average;
  private final RateSchedule schedule;
  private boolean inStep;

  Learner(
      TrainingSettings settings,
      SeriesStore store,
      Scaler scaler,
      Manifest manifest,
      List<Device> devices,
      long seed,
      LearningRate.Plan plan) {
    this.settings = settings;
    this.seed = seed;
    ReplicaGroup.Task task =
        new ReplicaGroup.Task(
            settings.model(),
            manifest.features(),
            manifest.window(),
            scaler,
            settings.loss().on(store, settings.split()),
            lossUnit(settings, store, scaler),
            settings.optimizer(),
            settings.maxGradientNorm(),
            settings.accumulation(),
            settings.precision(),
            seed);
    replicas = ReplicaGroup.of(devices, settings.determinism(), task);
    try {
      average =
          settings.averaging().isOn()
              ? Optional.of(settings.averaging().on(replicas.parameters()))
              : Optional.empty();
      schedule = settings.schedule().over(plan);
    } catch (RuntimeException e) {
      replicas.close();
      throw e;
    }
  }

  /** The mean scale of the target over the training windows, or 0 to count on the scaled target. */
  private static double lossUnit(TrainingSettings settings, SeriesStore store, Scaler scaler) {
    if (settings.lossUnit() == LossUnit.SCALED || !settings.loss().hasUnit()) {
      return 0;
    }
    double sum = 0;
    for (int s = 0; s < store.seriesCount(); s++) {
      sum += scaler.scale(s, 0);
    }
    return sum / store.seriesCount();
  }

  /**
   * One training step.
   *
   * @param number number of the step in the training, from 0
   */
  void step(WindowBatch batch, long number) {
    inStep = true;
    replicas.step(batch, schedule.factor(number), number);
    average.ifPresent(AveragedWeights::update);
    inStep = false;
  }

  /** Whether a step failed half way, so that the weights are those of no step. */
  boolean isInStep() {
    return inStep;
  }

  /** Where the time of steps goes. */
  StepTimes times() {
    return replicas.times();
  }

  /** The summed loss of all steps since the last call, read back from the devices. */
  ReplicaGroup.LossSum takeLoss() {
    return replicas.takeLoss();
  }

  /** Number of the first step whose loss or gradient was not finite, from 0, if there is one. */
  OptionalLong notFinite() {
    return replicas.notFinite();
  }

  /** Weights and optimizer as arrays by name. */
  Map<String, Safetensors.Tensor> tensors() {
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    tensors.put("weights", Safetensors.Tensor.of(replicas.parameters().toArray()));
    replicas
        .optimizer()
        .state()
        .forEach((name, values) -> tensors.put("optimizer." + name, Safetensors.Tensor.of(values)));
    return tensors;
  }

  /** The summed loss of a batch without training on it. */
  ReplicaGroup.LossSum loss(WindowBatch batch) {
    return replicas.loss(batch);
  }

  /** Hears of the end of an epoch; does nothing for a NaN, where nothing was validated. */
  void epochFinished(double validationLoss) {
    if (!Double.isNaN(validationLoss)) {
      schedule.epochFinished(validationLoss);
    }
  }

  /** The learning rate of a step. */
  double learningRate(long number) {
    return settings.optimizer().learningRate() * schedule.factor(number);
  }

  /** The weights that are validated and handed back: their moving average if there is one. */
  float[] validatedWeights() {
    return average.map(AveragedWeights::toArray).orElseGet(replicas.parameters()::toArray);
  }

  /** Does something while the replicas have the weights that are to be validated. */
  <T> T withValidatedWeights(Supplier<T> work) {
    if (average.isEmpty()) {
      return work.get();
    }
    float[] own = replicas.parameters().toArray();
    replicas.set(average.get().toArray());
    try {
      return work.get();
    } finally {
      replicas.set(own);
    }
  }

  /** Names and shapes of the weights. */
  List<FlatParameters.Part> parts() {
    return replicas.parameters().parts();
  }

  /**
   * All that is to be kept of the training as it stands between two steps.
   *
   * @throws io.hdl.core.error.HdlException that names the replica if one has other weights
   */
  TrainingState state(
      TrainingProgress progress,
      Map<String, String> identity,
      Map<String, String> software,
      String manifest) {
    replicas.requireEqualWeights();
    return new TrainingState(
        new TrainingState.Progress(
            identity,
            software,
            seed,
            progress.epoch,
            progress.batch,
            progress.step,
            progress.lossSum(),
            progress.lossLabels(),
            replicas.optimizer().steps(),
            average.map(AveragedWeights::updates).orElse(0L),
            schedule.state(),
            progress.bestEpoch,
            progress.bestLoss,
            progress.epochs),
        manifest,
        replicas.parameters().toArray(),
        replicas.optimizer().state(),
        average.map(AveragedWeights::toArray).orElseGet(() -> new float[0]),
        progress.bestWeights);
  }

  /** Goes on from a saved state. */
  void restore(TrainingState state) {
    replicas.restore(state.weights(), state.optimizer(), state.progress().optimizerSteps());
    average.ifPresent(values -> values.restore(state.average(), state.progress().averagedSteps()));
    schedule.restore(state.progress().schedule());
  }

  @Override
  public void close() {
    average.ifPresent(AveragedWeights::close);
    replicas.close();
  }
}
