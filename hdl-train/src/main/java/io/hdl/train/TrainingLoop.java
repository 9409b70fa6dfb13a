package io.hdl.train;

import ai.djl.Device;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.event.JobEvent;
import io.hdl.core.job.JobContext;
import io.hdl.data.feed.BatchPlan;
import io.hdl.data.feed.FeedSettings;
import io.hdl.data.feed.Lease;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.WindowFeed;
import io.hdl.data.series.Windows;
import io.hdl.train.checkpoint.TrainingState;
import io.hdl.train.optim.LearningRate;
import io.hdl.train.parallel.ReplicaGroup;
import io.hdl.train.parallel.StepTimes;
import io.hdl.train.parallel.TorchEngine;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The epochs of one training: steps, validation, early stopping, checkpoints, events. What it does
 * to the weights depends on settings, data and seed alone, never on time or on where an earlier
 * attempt stopped.
 */
final class TrainingLoop {
  private static final int LOSS_EVERY = 32;

  private final TrainingSettings settings;
  private final SeriesStore store;
  private final JobContext context;
  private final Scaler scaler;
  private final Manifest manifest;
  private final Windows train;
  private final Windows validation;
  private final BatchPlan batches;
  private final LearningRate.Plan plan;
  private final TrainingProgress progress = new TrainingProgress();
  private final StepAccounts accounts;

  /** What comes out of the epochs. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Result(
      float[] bestWeights,
      int bestEpoch,
      List<TrainingState.Epoch> epochs,
      Map<String, String> stepTimes) {}

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
    accounts = new StepAccounts(context);
    this.scaler = scaler;
    this.manifest = manifest;
    this.train = train;
    this.validation = validation;
    batches =
        BatchPlan.of(Math.min(settings.windowsPerEpoch(), train.size()), settings.batchSize());
    plan = new LearningRate.Plan(batches.batches() * settings.epochs(), batches.batches());
  }

  Result run(List<Device> devices) {
    if (validation.size() == 0) {
      context.notice(
          "No series has a window in the validation part: training runs all epochs and keeps the"
              + " last weights.");
    }
    try (Learner learner =
            new Learner(settings, store, scaler, manifest, devices, context.seed(), plan);
        WindowFeed feed = WindowFeed.idle(train, capacity(), scaler, FeedSettings.of(context));
        RunCheckpoints checkpoints = new RunCheckpoints(context, settings.checkpoints())) {
      Epochs epochs = new Epochs(learner, feed, checkpoints, devices);
      epochs.resume();
      try {
        while (progress.epoch < settings.epochs() && !hasStoppedEarly()) {
          epochs.next();
        }
      } catch (JobCancelledException e) {
        epochs.keep(e);
        throw e;
      }
      checkpoints.await();
      return new Result(
          progress.bestWeights, progress.bestEpoch, List.copyOf(progress.epochs), accounts.facts());
    }
  }

  /** Most windows in a batch of either part. */
  private int capacity() {
    return (int) Math.min(settings.batchSize(), Math.max(train.size(), validation.size()));
  }

  private boolean hasStoppedEarly() {
    return validation.size() > 0 && progress.epoch - progress.bestEpoch >= settings.patience();
  }

  /** The epochs while there are devices, a feed and a place for checkpoints. */
  private final class Epochs {
    private final Learner learner;
    private final WindowFeed feed;
    private final RunCheckpoints checkpoints;
    private final StepEvents events = new StepEvents(context, settings.epochs(), plan.steps());
    private final Map<String, String> identity;
    private final Map<String, String> software;
    private final String saved;

    Epochs(Learner learner, WindowFeed feed, RunCheckpoints checkpoints, List<Device> devices) {
      this.learner = learner;
      this.feed = feed;
      this.checkpoints = checkpoints;
      Map<String, Object> fitted = scaler.toJson();
      identity =
          TrainingIdentity.of(settings, store, context, fitted, train.size(), learner.parts());
      software = new LinkedHashMap<>(context.record().provenance().software());
      software.keySet().removeAll(Set.of("git.branch", "git.dirty")); // nothing computes with them
      software.putAll(TorchEngine.software());
      software.put("device", devices.toString());
      saved = manifest.toJson("");
    }

    void resume() {
      checkpoints.find(identity, software).ifPresent(this::goOn);
    }

    private void goOn(TrainingState state) {
      progress.restore(state);
      learner.restore(state);
      context.notice(
          "Training goes on after epoch "
              + progress.epoch
              + " of "
              + settings.epochs()
              + (progress.batch == 0
                  ? "."
                  : " and "
                      + progress.batch
                      + " of "
                      + batches.batches()
                      + " steps of the next one."));
    }

    void next() {
      long started = System.nanoTime();
      train();
      double validationLoss = learner.withValidatedWeights(this::validationLoss);
      learner.epochFinished(validationLoss);
      TrainingState.Epoch done = progress.epochDone(validationLoss, learner.validatedWeights());
      tell(done, Duration.ofNanos(System.nanoTime() - started));
      write();
    }

    private void train() {
      feed.begin(
          train, train.order(context.seed(), progress.epoch + 1), batches.from(progress.batch));
      StepTimes times = learner.times();
      long before = progress.step;
      long windows = 0;
      times.begin();
      while (feed.hasNext()) {
        context.cancellation().throwIfRequested();
        if (checkpoints.isDue()) {
          readLoss();
          write();
        }
        int size;
        try (Lease<WindowBatch> lease = feed.next()) {
          times.book(StepTimes.Phase.INPUT);
          size = lease.batch().size();
          learner.step(lease.batch(), progress.step);
        }
        progress.stepDone();
        OptionalDouble loss =
            progress.step % LOSS_EVERY == 0 || !feed.hasNext()
                ? OptionalDouble.of(readLoss().mean())
                : OptionalDouble.empty();
        events.step(progress.epoch + 1, progress.step, size, loss);
        windows += size;
        times.book(StepTimes.Phase.BOOKKEEPING);
      }
      accounts.epoch(progress.epoch + 1, progress.step - before, windows, times);
    }

    private ReplicaGroup.LossSum readLoss() {
      ReplicaGroup.LossSum read = learner.takeLoss();
      if (learner.notFinite().isPresent()) {
        long number = learner.notFinite().getAsLong();
        long ofEpoch = number - (progress.step - progress.batch);
        throw new Divergence(settings, context, store, scaler)
            .of(learner, train, batches, progress.epoch + 1, number + 1, ofEpoch);
      }
      progress.add(read);
      return read;
    }

    private double validationLoss() {
      feed.begin(validation, validation.inOrder(), BatchPlan.of(validation.size(), capacity()));
      double sum = 0;
      long labels = 0;
      while (feed.hasNext()) {
        context.cancellation().throwIfRequested();
        try (Lease<WindowBatch> lease = feed.next()) {
          ReplicaGroup.LossSum loss = learner.loss(lease.batch());
          sum += loss.sum();
          labels += loss.labels();
        }
      }
      return labels == 0 ? Double.NaN : sum / labels;
    }

    private void tell(TrainingState.Epoch done, Duration took) {
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("train_loss", done.trainLoss());
      if (!Double.isNaN(done.validationLoss())) {
        metrics.put("validation_loss", done.validationLoss());
      }
      metrics.put("learning_rate", learner.learningRate(progress.step - 1));
      context
          .events()
          .publish(
              new JobEvent.EpochFinished(
                  context.clock().instant(),
                  done.epoch(),
                  settings.epochs(),
                  progress.step,
                  metrics,
                  took));
    }

    private void write() {
      checkpoints.write(progress, () -> learner.state(progress, identity, software, saved));
    }

    /** The job was told to stop: keeps where it stands, if that is between two steps. */
    void keep(JobCancelledException cancelled) {
      try {
        if (!learner.isInStep()) {
          readLoss();
          write();
        }
        checkpoints.await();
      } catch (HdlException e) {
        cancelled.addSuppressed(e);
      }
    }
  }
}
