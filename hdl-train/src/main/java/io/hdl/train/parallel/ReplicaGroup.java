package io.hdl.train.parallel;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.util.PairList;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.WindowBatch;
import io.hdl.train.loss.Loss;
import io.hdl.train.loss.LossTensors;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.WindowFeatures;
import io.hdl.train.model.WindowShape;
import io.hdl.train.model.WindowTensors;
import io.hdl.train.optim.FlatOptimizer;
import io.hdl.train.optim.Optimizer;
import java.nio.FloatBuffer;
import java.util.function.IntUnaryOperator;

/**
 * The replicas of a model that take a training step together: in this release one, on one device.
 * Belongs to the thread that trains.
 *
 * <p>A step takes a whole batch, divides the summed loss by the number of observed labels in it,
 * clips the gradient by its global norm and changes the weights. The loss stays on the device until
 * it is asked for.
 */
public final class ReplicaGroup implements AutoCloseable {
  /**
   * What a group trains.
   *
   * @param model what is trained
   * @param features which covariates and constants the model sees
   * @param window the model's sizes
   * @param scaler the scaler that batches are gathered with
   * @param loss what is made small
   * @param lossUnit if more than 0: errors count in the target's own unit, divided by this number;
   *     if 0: errors count on the scaled target
   * @param optimizer how gradients change the weights
   * @param maxGradientNorm the largest norm of the gradient; 0 for no limit
   */
  public record Task(
      ForecastModel model,
      WindowFeatures features,
      WindowShape window,
      Scaler scaler,
      Loss loss,
      double lossUnit,
      Optimizer optimizer,
      double maxGradientNorm) {}

  private final Task task;
  private final Engine engine;
  private final NDManager manager;
  private final Block block;
  private final FlatParameters parameters;
  private final FlatOptimizer optimizer;
  private final NDArray lossSum;
  private long lossCount;
  private long seed;
  private long steps;

  /**
   * Brings a model to a device.
   *
   * @param block a fresh Block of the task's sizes
   */
  public ReplicaGroup(Device device, Block block, Task task) {
    this.task = task;
    this.block = block;
    engine = TorchEngine.start();
    manager = engine.newBaseManager(device);
    try {
      parameters = new FlatParameters(block, task.window(), manager);
      optimizer = task.optimizer().on(parameters);
      lossSum = manager.zeros(new Shape());
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** Seeds what is random in a step, the engine's generator included. */
  public void seed(long value) {
    seed = value;
    steps = 0;
    engine.setRandomSeed((int) (value ^ (value >>> 32)));
  }

  /**
   * One training step.
   *
   * @param batch its windows; not changed, and free again when this method returns
   * @param rateFactor what the optimizer's learning rate is multiplied by
   */
  public void step(WindowBatch batch, double rateFactor) {
    long labels = observedLabels(batch);
    if (labels == 0) {
      return;
    }
    try (NDManager step = manager.newSubManager();
        GradientCollector collector = engine.newGradientCollector()) {
      WindowTensors tensors = WindowTensors.of(batch, task.features(), task.scaler(), step);
      FlatParameters.Leaves leaves = parameters.leaves(step);
      NDList output = block.forward(leaves.store(), inputs(tensors), true, random());
      NDArray sum = sum(tensors, output.get(0), batch::series);
      collector.backward(sum.div(labels));
      NDArray gradient = leaves.gradient();
      if (task.maxGradientNorm() > 0) {
        optimizer.clip(gradient, task.maxGradientNorm());
      }
      optimizer.step(gradient, rateFactor);
      lossSum.addi(sum.stopGradient());
      lossCount += labels;
      steps++;
    }
  }

  /** The summed loss of all steps since the last call, read back from the device. */
  public LossSum takeLoss() {
    LossSum taken = new LossSum(lossSum.getFloat(), lossCount);
    lossSum.muli(0);
    lossCount = 0;
    return taken;
  }

  /** The summed loss of a batch without training on it, and its number of observed labels. */
  public LossSum loss(WindowBatch batch) {
    try (NDManager step = manager.newSubManager()) {
      WindowTensors tensors = WindowTensors.of(batch, task.features(), task.scaler(), step);
      NDList output = block.forward(parameters.reading(), inputs(tensors), false, null);
      NDArray sum = sum(tensors, output.get(0), batch::series);
      return new LossSum(sum.getFloat(), observedLabels(batch));
    }
  }

  /**
   * A loss summed over observed labels.
   *
   * @param sum the sum
   * @param labels how many labels it is over
   */
  public record LossSum(double sum, long labels) {
    /** The mean; NaN if there are no labels. */
    public double mean() {
      return labels == 0 ? Double.NaN : sum / labels;
    }
  }

  private NDList inputs(WindowTensors tensors) {
    NDList inputs = tensors.inputs().toList();
    if (task.model().readsLabel()) {
      inputs.add(tensors.label());
    }
    return inputs;
  }

  private PairList<String, Object> random() {
    PairList<String, Object> parameters = new PairList<>();
    parameters.add(ForecastModel.SEED, seed * 31 + steps);
    return parameters;
  }

  private NDArray sum(WindowTensors tensors, NDArray output, IntUnaryOperator series) {
    return task.loss()
        .sum(
            new LossTensors(
                output,
                tensors.label(),
                weight(tensors),
                tensors.location(),
                tensors.scale(),
                series));
  }

  private NDArray weight(WindowTensors tensors) {
    return task.lossUnit() > 0
        ? tensors.labelObserved().mul(tensors.scale().div(task.lossUnit()))
        : tensors.labelObserved();
  }

  private static long observedLabels(WindowBatch batch) {
    FloatBuffer values = batch.values();
    int steps = batch.context() + batch.horizon();
    int channels = batch.size() == 0 ? 0 : values.remaining() / (batch.size() * steps);
    long observed = 0;
    for (int i = 0; i < batch.size(); i++) {
      for (int step = batch.context(); step < steps; step++) {
        if (!Float.isNaN(values.get((i * steps + step) * channels))) {
          observed++;
        }
      }
    }
    return observed;
  }

  /** The weights; what they hold changes with every step. */
  public FlatParameters parameters() {
    return parameters;
  }

  /** The optimizer with its state. */
  public FlatOptimizer optimizer() {
    return optimizer;
  }

  @Override
  public void close() {
    optimizer.close();
    parameters.close();
    manager.close();
  }
}
