package io.hdl.train.parallel;

import ai.djl.Device;
import io.hdl.core.error.Problems;
import io.hdl.data.feed.Lease;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.TimeAxis;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.WindowFeed;
import io.hdl.data.series.Windows;
import io.hdl.train.loss.Loss;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.WindowFeatures;
import io.hdl.train.optim.Adam;
import io.hdl.train.optim.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Made-up series with a season and a covariate, cut into batches, and groups that train on them.
 */
final class SampleWindows {
  static final int CONTEXT = 24;
  static final int HORIZON = 6;
  private static final int LENGTH = 120;
  private static final int SEASON = 12;

  private final SeriesStore store;
  private final Scaler scaler;
  private final Windows windows;
  private final int accumulation;
  private final Precision precision;

  private SampleWindows(SeriesStore store, int accumulation, Precision precision) {
    this.store = store;
    this.accumulation = accumulation;
    this.precision = precision;
    Split split = Split.last(HORIZON, 0);
    scaler = Scaler.fit(store, split, Scaling.MEAN);
    windows = Windows.of(store, split, Part.TRAIN, CONTEXT, HORIZON);
  }

  static SampleWindows of(int series) {
    SeriesStore.Builder builder =
        SeriesStore.builder(
            TimeAxis.integers(),
            List.of(
                Channel.number("y", Channel.Role.TARGET),
                Channel.number("known", Channel.Role.KNOWN)),
            List.of(new Constant("kind", Channel.Kind.CATEGORY, List.of("a", "b"))));
    SplittableRandom random = new SplittableRandom(5);
    for (int s = 0; s < series; s++) {
      float[] values = new float[LENGTH * 2];
      for (int t = 0; t < LENGTH; t++) {
        float known = random.nextInt(4) == 0 ? 1 : 0;
        double wave = 1 + 0.5 * Math.sin(2 * Math.PI * (t + s) / SEASON) + 0.4 * known;
        values[2 * t] = t % 17 == s ? Float.NaN : (float) (20 * (s + 1) * wave);
        values[2 * t + 1] = known;
      }
      builder.add(SeriesKey.of("series " + s), 0, values, new float[] {s % 2});
    }
    return new SampleWindows(builder.build(), 1, Precision.FLOAT32);
  }

  /** The same windows for groups whose replicas take several micro-batches one after another. */
  SampleWindows accumulating(int microBatches) {
    return new SampleWindows(store, microBatches, precision);
  }

  /** The same windows for groups that train in another number format. */
  SampleWindows in(Precision format) {
    return new SampleWindows(store, accumulation, format);
  }

  /** What a training has come to. */
  @SuppressWarnings("ArrayRecordComponent") // compared by their content, in tests
  record Trained(
      List<String> checksums,
      float[] firstWeights,
      float[] weights,
      List<Double> losses,
      double heldOutLoss) {
    double firstLoss() {
      return losses.get(0);
    }

    double lastLoss() {
      return losses.get(losses.size() - 1);
    }
  }

  ReplicaGroup group(List<Device> devices, Determinism determinism, ForecastModel model) {
    return ReplicaGroup.of(devices, determinism, task(model));
  }

  ReplicaGroup.Task task(ForecastModel model) {
    return task(model, Adam.learningRate(3e-3));
  }

  /** A loss that the model can be trained for. */
  static Loss loss(ForecastModel model) {
    Problems problems = new Problems();
    model.check(Losses.mae(), problems);
    return problems.isEmpty() ? Losses.mae() : Losses.gaussian();
  }

  ReplicaGroup.Task task(ForecastModel model, Optimizer optimizer) {
    Loss loss = loss(model);
    WindowFeatures features = WindowFeatures.of(store.channels(), store.constants(), model);
    return new ReplicaGroup.Task(
        model,
        features,
        features.shape(CONTEXT, HORIZON, loss.outputs()),
        scaler,
        loss,
        0,
        optimizer,
        1.0,
        accumulation,
        precision,
        42);
  }

  Trained train(List<Device> devices, ForecastModel model, int batchSize, int steps) {
    return train(devices, Determinism.fastest(), model, batchSize, steps);
  }

  Trained train(
      List<Device> devices,
      Determinism determinism,
      ForecastModel model,
      int batchSize,
      int steps) {
    try (ReplicaGroup group = group(devices, determinism, model)) {
      float[] first = group.parameters().toArray();
      List<Double> losses = steps(group, batchSize, steps);
      return new Trained(
          group.checksums(), first, group.parameters().toArray(), losses, heldOut(group));
    }
  }

  /** Trains; gives the mean losses of every five steps. */
  List<Double> steps(ReplicaGroup group, int batchSize, int steps) {
    List<Double> losses = new ArrayList<>();
    int step = 0;
    for (int epoch = 1; step < steps; epoch++) {
      try (WindowFeed feed = WindowFeed.open(windows, windows.order(3, epoch), batchSize, scaler)) {
        while (feed.hasNext() && step < steps) {
          try (Lease<WindowBatch> lease = feed.next()) {
            group.step(lease.batch(), 1, step++);
          }
          if (step % 5 == 0) {
            losses.add(group.takeLoss().mean());
          }
        }
      }
    }
    return losses;
  }

  /** The loss on the first windows in their order, of which the last batch has but one. */
  double heldOut(ReplicaGroup group) {
    double sum = 0;
    long labels = 0;
    for (int size : new int[] {16, 1}) {
      WindowBatch batch = WindowBatch.allocate(size, CONTEXT, HORIZON, store);
      windows.gather(windows.inOrder(), 0, size, scaler, batch);
      ReplicaGroup.LossSum loss = group.loss(batch);
      sum += loss.sum();
      labels += loss.labels();
    }
    return sum / labels;
  }
}
