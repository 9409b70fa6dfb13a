package io.hdl.train;

import com.google.errorprone.annotations.CheckReturnValue;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.Problems;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.Trained;
import io.hdl.core.job.Trainer;
import io.hdl.data.feature.FeaturePipeline;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowSelection;
import io.hdl.train.checkpoint.CheckpointPolicy;
import io.hdl.train.evaluate.QualityGate;
import io.hdl.train.evaluate.RollingBacktest;
import io.hdl.train.loss.Loss;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.optim.LearningRate;
import io.hdl.train.optim.Optimizer;
import io.hdl.train.optim.WeightAveraging;
import io.hdl.train.parallel.Determinism;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.Precision;
import io.hdl.train.parallel.TorchEngine;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Trains a forecasting model on many series at once. Every setting gives a new, changed training;
 * trainings are immutable and thread-safe.
 *
 * <pre>{@code
 * ForecastTraining.of(NHits.defaults())
 *     .context(52).horizon(8).split(Split.last(8, 8)).season(52)
 *     .epochs(10).optimizer(Adam.learningRate(1e-3)).loss(Losses.mae());
 * }</pre>
 *
 * <p>The windows of the training part are drawn in an order that comes from the run's seed. After
 * each epoch the loss on the validation part decides which weights are the best so far; they are
 * what the training hands back, and training stops early when they have not got better for a while.
 *
 * <p>A run that was stopped, killed or told to end goes on where its last whole checkpoint stands,
 * also within an epoch, and ends with the same bits as one that was not. A checkpoint is refused,
 * with what differs, unless seed, data (address, version, columns, specification, windows, scaler),
 * model, shapes of weights and settings are the same; {@link #season}, {@link #patience}, {@link
 * #devices}, {@link #checkpoints} and the report may differ, and {@link #epochs} where the
 * learning-rate schedule does not depend on their number. Other versions of the software are warned
 * of: the bits may be others then.
 */
@CheckReturnValue
public final class ForecastTraining implements Trainer<SeriesStore, Forecaster> {
  private final TrainingSettings settings;

  private ForecastTraining(TrainingSettings settings) {
    this.settings = settings;
  }

  /** A training of a model; {@link #context} and {@link #horizon} have to be set. */
  public static ForecastTraining of(ForecastModel model) {
    return new ForecastTraining(TrainingSettings.of(model));
  }

  /** Steps that the model sees before the first step it forecasts. */
  public ForecastTraining context(int steps) {
    return with(draft -> draft.context = steps);
  }

  /** Steps that the model forecasts. */
  public ForecastTraining horizon(int steps) {
    return with(draft -> draft.horizon = steps);
  }

  /** What is for training, validation and test; default: one horizon each for the latter two. */
  public ForecastTraining split(Split split) {
    return with(draft -> draft.chosenSplit = Optional.of(Objects.requireNonNull(split, "split")));
  }

  /**
   * Which features are made of the data's channels before training; default none. They are fitted
   * on the training part of the split and for this horizon, saved with the model ({@code
   * features.json}), and made by a loaded {@link Forecaster} itself: it is given raw data. A
   * pipeline with custom features is looked through by a {@link io.hdl.data.feature.LeakDetector}
   * before training begins.
   */
  public ForecastTraining features(FeaturePipeline pipeline) {
    return with(draft -> draft.features = Objects.requireNonNull(pipeline, "pipeline"));
  }

  /** How the target is scaled per series; default {@link Scaling#MEAN}. */
  public ForecastTraining scale(Scaling scaling) {
    return with(draft -> draft.scaling = Objects.requireNonNull(scaling, "scaling"));
  }

  /** Steps of a season, for MASE and the baselines; default 1. */
  public ForecastTraining season(int steps) {
    return with(draft -> draft.season = steps);
  }

  /** What to train on, one replica on each; default {@link Devices#auto()}. */
  public ForecastTraining devices(Devices devices) {
    return with(draft -> draft.devices = Objects.requireNonNull(devices, "devices"));
  }

  /** Windows per training step, over all devices together; default 512. */
  public ForecastTraining globalBatchSize(int windows) {
    return with(draft -> draft.batchSize = windows);
  }

  /** The most epochs; default 10. The learning-rate schedule ends with the last of them. */
  public ForecastTraining epochs(int count) {
    return with(draft -> draft.epochs = count);
  }

  /** The most windows that an epoch draws; default all of the training part. */
  public ForecastTraining windowsPerEpoch(long windows) {
    return with(draft -> draft.windowsPerEpoch = windows);
  }

  /**
   * Which windows of the training part are trained on, and how often; default each once per epoch.
   * Validation and test are always scored on all windows of their parts, in a fixed order.
   */
  public ForecastTraining windows(WindowSelection selection) {
    return with(draft -> draft.selection = Objects.requireNonNull(selection, "selection"));
  }

  /** How gradients change the weights; default Adam with a learning rate of 0.001. */
  public ForecastTraining optimizer(Optimizer optimizer) {
    return with(draft -> draft.optimizer = Objects.requireNonNull(optimizer, "optimizer"));
  }

  /** How the learning rate changes over the training; default {@link LearningRate#cosine}. */
  public ForecastTraining learningRate(LearningRate schedule) {
    return with(draft -> draft.schedule = Objects.requireNonNull(schedule, "schedule"));
  }

  /** The largest Euclidean norm of all gradients together; 0 for no limit; default 1. */
  public ForecastTraining maxGradientNorm(double norm) {
    return with(draft -> draft.maxGradientNorm = norm);
  }

  /** What training makes small; default {@link Losses#mae()}. */
  public ForecastTraining loss(Loss loss) {
    return with(draft -> draft.loss = Objects.requireNonNull(loss, "loss"));
  }

  /** In which unit the loss counts errors; default {@link LossUnit#ORIGINAL}. */
  public ForecastTraining lossUnit(LossUnit unit) {
    return with(draft -> draft.lossUnit = Objects.requireNonNull(unit, "unit"));
  }

  /** Epochs without a lower validation loss after which training stops; default 3. */
  public ForecastTraining patience(int epochs) {
    return with(draft -> draft.patience = epochs);
  }

  /**
   * How far the bits of the trained weights are independent of the number of replicas; default
   * {@link Determinism#fastest()}.
   */
  public ForecastTraining determinism(Determinism determinism) {
    return with(draft -> draft.determinism = Objects.requireNonNull(determinism, "determinism"));
  }

  /**
   * Micro-batches that each replica takes one after another before the weights change, to train
   * with a batch that does not fit a device's memory; default 1.
   */
  public ForecastTraining accumulation(int microBatches) {
    return with(draft -> draft.accumulation = microBatches);
  }

  /** Which weights are validated and handed back; default {@link WeightAveraging#none()}. */
  public ForecastTraining averaging(WeightAveraging averaging) {
    return with(draft -> draft.averaging = Objects.requireNonNull(averaging, "averaging"));
  }

  /**
   * In which number format the steps compute; default {@link Precision#FLOAT32}. What is not to be
   * had is refused before data is opened.
   */
  public ForecastTraining precision(Precision precision) {
    return with(draft -> draft.precision = Objects.requireNonNull(precision, "precision"));
  }

  /**
   * When checkpoints are written; default {@link CheckpointPolicy#defaults()}. They are written
   * beside the training, on a thread of their own. One that cannot be written is warned of; the
   * second in a row ends the training.
   */
  public ForecastTraining checkpoints(CheckpointPolicy policy) {
    return with(draft -> draft.checkpoints = Objects.requireNonNull(policy, "policy"));
  }

  /**
   * Which baselines are scored beside the model; default naive and seasonal naive, which cost next
   * to nothing. {@link io.hdl.train.evaluate.Baseline#ETS} is dear: it fits up to 15 models for
   * each window.
   *
   * @param names of {@link io.hdl.train.evaluate.Baseline#names()}
   */
  public ForecastTraining baselines(String... names) {
    return with(draft -> draft.baselines = List.of(names));
  }

  /** What the trained model is held against; default all its baselines on test, by WAPE. */
  public ForecastTraining gate(QualityGate gate) {
    return with(draft -> draft.gate = Objects.requireNonNull(gate, "gate"));
  }

  /** Writes no report. */
  public ForecastTraining withoutReport() {
    return with(draft -> draft.report = TrainingSettings.Report.OFF);
  }

  /**
   * This training repeated at several origins, as the trainer of a job: each fold makes its own
   * split, so that none must be set, and season and baselines are those of this training.
   */
  public RollingTraining rolling(RollingBacktest plan) {
    return new RollingTraining(settings, Objects.requireNonNull(plan, "plan"));
  }

  private ForecastTraining with(Consumer<TrainingDraft> change) {
    return new ForecastTraining(settings.with(change));
  }

  @Override
  public void check(Problems problems) {
    settings.check(problems);
  }

  /**
   * Judges libtorch, its bridge, driver and GPUs, then looks for the devices, before any data is
   * opened. Starts the engine if GPUs have to be looked for.
   *
   * @throws io.hdl.core.error.HdlException with {@code ENVIRONMENT_MISMATCH} if a device or
   *     libtorch is missing, or a combination is known not to work
   */
  @Override
  public void checkEnvironment(HybridEnvironment environment, Problems problems) {
    settings.checkEnvironment(environment, problems);
  }

  /** Starts the engine, if looking for GPUs did not, while the data is opened. */
  @Override
  public void prepare(HybridEnvironment environment) {
    TorchEngine.prepare();
  }

  @Override
  public Map<String, String> settings() {
    return settings.toMap();
  }

  /**
   * Trains, scores and saves a forecaster. Takes the calling thread.
   *
   * @throws io.hdl.core.error.HdlException with {@code NOT_ENOUGH_DATA} if no series is long enough
   *     or a feature has nothing to be fitted on, {@code DIVERGED} if the loss leaves the finite
   *     numbers, {@code ENVIRONMENT_MISMATCH} if a device is missing, {@code SCHEMA_MISMATCH} or
   *     {@code INVALID_SETTINGS} if the features do not fit the data or one of them carries the
   *     future
   */
  @Override
  public Trained<Forecaster> train(SeriesStore data, JobContext context) {
    Problems problems = new Problems();
    check(problems);
    problems.throwIfAny("The training");
    return TrainingRun.of(settings, data, context);
  }
}
