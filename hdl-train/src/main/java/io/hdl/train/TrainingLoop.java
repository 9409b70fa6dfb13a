package io.hdl.train;

import ai.djl.Device;
import ai.djl.nn.Block;
import com.google.common.hash.Hashing;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.event.JobEvent;
import io.hdl.core.job.JobContext;
import io.hdl.data.feed.BatchPlan;
import io.hdl.data.feed.FeedSettings;
import io.hdl.data.feed.Lease;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.WindowFeed;
import io.hdl.data.series.WindowOrder;
import io.hdl.data.series.Windows;
import io.hdl.train.checkpoint.Checkpoints;
import io.hdl.train.checkpoint.TrainingState;
import io.hdl.train.parallel.ReplicaGroup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The epochs of one training: steps, validation, early stopping, checkpoints, events. What it does
 * to the weights depends on settings, data and seed alone, never on time or on where an earlier
 * attempt stopped.
 */
final class TrainingLoop {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingLoop.class);
  private static final int LOSS_EVERY = 32;
  private static final long EVENT_NANOS = 100_000_000;

  private final TrainingSettings settings;
  private final SeriesStore store;
  private final JobContext context;
  private final Scaler scaler;
  private final Manifest manifest;
  private final Windows train;
  private final Windows validation;
  private final long windowsPerEpoch;
  private final long stepsPerEpoch;
  private final Checkpoints checkpoints;
  private final String fingerprint;

  // Where the training stands.
  private int epoch;
  private long step;
  private int bestEpoch;
  private double bestLoss = Double.POSITIVE_INFINITY;
  private float[] bestWeights = new float[0];
  private final List<TrainingState.Epoch> epochs = new ArrayList<>();

  // This process only.
  private long windowsDone;
  private long begun;
  private long lastEvent;

  /** What comes out of the epochs. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Result(float[] bestWeights, int bestEpoch, List<TrainingState.Epoch> epochs) {}

  TrainingLoop(
      TrainingSettings settings,
      SeriesStore store,
      JobContext context,
      Scaler scaler,
      Manifest manifest,
      Windows train,
      Windows validation) {
    this.settings = settings;
    this.store = store;
    this.context = context;
    this.scaler = scaler;
    this.manifest = manifest;
    this.train = train;
    this.validation = validation;
    windowsPerEpoch = Math.min(settings.windowsPerEpoch(), train.size());
    stepsPerEpoch = (windowsPerEpoch + settings.batchSize() - 1) / settings.batchSize();
    checkpoints = new Checkpoints(context.directory().checkpoints());
    fingerprint =
        Hashing.sha256()
            .hashString(
                settings.toMap() + " " + train.size() + " " + store.channels(),
                StandardCharsets.UTF_8)
            .toString();
  }

  Result run(Device device) {
    begun = System.nanoTime();
    lastEvent = begun;
    if (validation.size() == 0) {
      context.notice(
          "No series has a window in the validation part: training runs all epochs and keeps the"
              + " last weights.");
    }
    ReplicaGroup.Task task =
        new ReplicaGroup.Task(
            settings.model(),
            manifest.features(),
            manifest.window(),
            scaler,
            settings.loss().on(store, settings.split()),
            lossUnit(),
            settings.optimizer(),
            settings.maxGradientNorm());
    Block block = settings.model().block(manifest.window(), context.seed());
    try (ReplicaGroup replicas = new ReplicaGroup(device, block, task);
        WindowFeed feed = WindowFeed.idle(train, capacity(), scaler, FeedSettings.of(context))) {
      resume(replicas);
      while (epoch < settings.epochs() && !hasStoppedEarly()) {
        long started = System.nanoTime();
        double trainLoss = trainEpoch(replicas, feed);
        double validationLoss = validationLoss(replicas, feed);
        finishEpoch(
            replicas, trainLoss, validationLoss, Duration.ofNanos(System.nanoTime() - started));
      }
      LOG.debug("Training waited {} ms for its input", feed.waitedNanos() / 1_000_000);
      return new Result(bestWeights, bestEpoch, List.copyOf(epochs));
    }
  }

  /** Most windows in a batch of either part. */
  private int capacity() {
    return (int) Math.min(settings.batchSize(), Math.max(train.size(), validation.size()));
  }

  private boolean hasStoppedEarly() {
    return validation.size() > 0 && epoch - bestEpoch >= settings.patience();
  }

  /** The mean scale of the target over the training windows, or 0 to count on the scaled target. */
  private double lossUnit() {
    if (settings.lossUnit() == LossUnit.SCALED || !settings.loss().hasUnit()) {
      return 0;
    }
    double sum = 0;
    for (int s = 0; s < store.seriesCount(); s++) {
      sum += scaler.scale(s, 0);
    }
    return sum / store.seriesCount();
  }

  private double trainEpoch(ReplicaGroup replicas, WindowFeed feed) {
    WindowOrder order = train.order(context.seed(), epoch + 1);
    feed.begin(train, order, BatchPlan.of(windowsPerEpoch, settings.batchSize()));
    replicas.seed(context.seed() * 31 + epoch);
    long plannedSteps = stepsPerEpoch * settings.epochs();
    double sum = 0;
    long labels = 0;
    while (feed.hasNext()) {
      context.cancellation().throwIfRequested();
      try (Lease<WindowBatch> lease = feed.next()) {
        replicas.step(lease.batch(), settings.schedule().factor(step, plannedSteps));
        windowsDone += lease.batch().size();
      }
      step++;
      boolean last = !feed.hasNext();
      OptionalDouble loss = OptionalDouble.empty();
      if (step % LOSS_EVERY == 0 || last) {
        ReplicaGroup.LossSum read = replicas.takeLoss();
        sum += read.sum();
        labels += read.labels();
        loss = OptionalDouble.of(read.mean());
        requireFinite(read);
      }
      publishStep(loss, plannedSteps);
    }
    return labels == 0 ? Double.NaN : sum / labels;
  }

  private void requireFinite(ReplicaGroup.LossSum loss) {
    if (loss.labels() == 0 || Double.isFinite(loss.sum())) {
      return;
    }
    throw new HdlException(
        ErrorCode.DIVERGED,
        "Training diverged in epoch "
            + (epoch + 1)
            + " at step "
            + step
            + ": the loss is "
            + loss.mean()
            + ". Lower the learning rate (now "
            + settings.optimizer().learningRate()
            + "), limit the gradient norm (now "
            + settings.maxGradientNorm()
            + ", 0 is no limit), or scale the target (now "
            + settings.scaling()
            + ").");
  }

  private void publishStep(OptionalDouble loss, long plannedSteps) {
    long now = System.nanoTime();
    if (loss.isEmpty() && now - lastEvent < EVENT_NANOS) {
      return;
    }
    lastEvent = now;
    context
        .events()
        .publish(
            new JobEvent.StepFinished(
                context.clock().instant(),
                epoch + 1,
                settings.epochs(),
                step,
                plannedSteps,
                windowsDone,
                Duration.ofNanos(now - begun),
                loss));
  }

  private double validationLoss(ReplicaGroup replicas, WindowFeed feed) {
    feed.begin(validation, validation.inOrder(), BatchPlan.of(validation.size(), capacity()));
    double sum = 0;
    long labels = 0;
    while (feed.hasNext()) {
      context.cancellation().throwIfRequested();
      try (Lease<WindowBatch> lease = feed.next()) {
        ReplicaGroup.LossSum loss = replicas.loss(lease.batch());
        sum += loss.sum();
        labels += loss.labels();
      }
    }
    return labels == 0 ? Double.NaN : sum / labels;
  }

  private void finishEpoch(
      ReplicaGroup replicas, double trainLoss, double validationLoss, Duration took) {
    epoch++;
    epochs.add(new TrainingState.Epoch(epoch, trainLoss, validationLoss));
    float[] weights = replicas.parameters().toArray();
    if (Double.isNaN(validationLoss) || validationLoss < bestLoss) {
      bestLoss = Double.isNaN(validationLoss) ? bestLoss : validationLoss;
      bestEpoch = epoch;
      bestWeights = weights;
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("train_loss", trainLoss);
    if (!Double.isNaN(validationLoss)) {
      metrics.put("validation_loss", validationLoss);
    }
    double rate =
        settings.optimizer().learningRate()
            * settings.schedule().factor(step - 1, stepsPerEpoch * settings.epochs());
    metrics.put("learning_rate", rate);
    context
        .events()
        .publish(
            new JobEvent.EpochFinished(
                context.clock().instant(), epoch, settings.epochs(), step, metrics, took));
    checkpoints.write(
        new TrainingState(
            new TrainingState.Progress(
                fingerprint,
                context.seed(),
                epoch,
                step,
                replicas.optimizer().steps(),
                bestEpoch,
                bestLoss,
                epochs),
            weights,
            replicas.optimizer().state(),
            bestWeights));
    context
        .events()
        .publish(
            new JobEvent.CheckpointWritten(
                context.clock().instant(), checkpoints.file(), epoch, step));
  }

  private void resume(ReplicaGroup replicas) {
    Optional<TrainingState> found = checkpoints.read();
    if (found.isEmpty()) {
      return;
    }
    TrainingState state = found.get();
    TrainingState.Progress progress = state.progress();
    if (!progress.fingerprint().equals(fingerprint) || progress.seed() != context.seed()) {
      context.warning(
          "The checkpoint "
              + checkpoints.file()
              + " belongs to other settings, data or another seed; training begins from the start.");
      return;
    }
    replicas.parameters().set(state.weights());
    replicas.optimizer().restore(state.optimizer(), progress.optimizerSteps());
    epoch = progress.epoch();
    step = progress.step();
    bestEpoch = progress.bestEpoch();
    bestLoss = progress.bestLoss();
    bestWeights = state.bestWeights();
    epochs.addAll(progress.epochs());
    context.notice("Training goes on after epoch " + epoch + " of " + settings.epochs() + ".");
  }
}
