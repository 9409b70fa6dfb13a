package io.hdl.train.parallel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.PairList;
import io.hdl.data.feed.Permutation;
import io.hdl.data.series.WindowBatch;
import io.hdl.train.loss.LossTensors;
import io.hdl.train.loss.OwnedArrays;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.ScaledWindows;
import io.hdl.train.model.WindowTensors;
import io.hdl.train.optim.FlatOptimizer;
import io.hdl.train.optim.TensorLists;
import io.hdl.train.parallel.StepTimes.Phase;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/**
 * One copy of a model on one device with its own optimizer. Made and closed by the group's thread;
 * in between each call comes from the replica's own thread, or from the group's while that one
 * rests.
 */
final class Replica implements AutoCloseable {
  /** Steps whose losses stay on the device before they have to be read. */
  static final int LOSS_STEPS = 64;

  /**
   * What all replicas do in one step.
   *
   * @param batch the windows of all of them
   * @param labels number of observed labels in it
   * @param rateFactor what the optimizer's learning rate is multiplied by
   * @param number number of the step in the training, from 0
   */
  record Step(WindowBatch batch, long labels, double rateFactor, long number) {}

  private final int rank;
  private final ReplicaGroup.Task task;
  private final MicroBatches microBatches;
  private final Collective collective;
  private final NDManager manager;
  private final Block block;
  private final FlatParameters parameters;
  private final FlatOptimizer optimizer;
  private final TensorLists lists;
  private final GradientTree tree;
  private final ScaledWindows windows;
  private final NDArray losses;
  private final NDArray[] lossOf;
  // The gradient of the mean over the labels of a whole batch, and their number.
  private NDArray share;
  private long shareLabels = 1;

  Replica(
      int rank,
      Device device,
      ReplicaGroup.Task task,
      MicroBatches microBatches,
      Collective collective) {
    this.rank = rank;
    this.task = task;
    this.microBatches = microBatches;
    this.collective = collective;
    manager = TorchEngine.start().newBaseManager(device);
    try {
      block = task.features().block(task.model(), task.window(), task.seed());
      parameters = new FlatParameters(block, task.window(), manager);
      if (rank == 0) {
        BlockProbe.require(task, block, parameters, manager);
      }
      lists = new TensorLists(manager);
      optimizer = task.optimizer().on(parameters);
      int leaves = microBatches.order() == MicroBatches.Order.TREE ? microBatches.each() : 1;
      tree = new GradientTree(leaves, parameters, lists, manager);
      windows = new ScaledWindows(task.features(), task.scaler(), task.lossUnit(), manager);
      share = manager.ones(new Shape());
      losses = manager.zeros(new Shape((long) LOSS_STEPS * microBatches.each()));
      lossOf = new NDArray[LOSS_STEPS * microBatches.each()];
      for (int i = 0; i < lossOf.length; i++) {
        lossOf[i] = losses.get(new NDIndex(i + ":" + (i + 1)));
      }
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /**
   * One training step.
   *
   * @param slot where the losses of the step go, below {@link #LOSS_STEPS}
   */
  void step(Step work, int slot, StepTimes times) {
    JniUtils.setGradMode(true);
    try (NDManager step = manager.newSubManager()) {
      KeptNumbers.in(step);
      NDList gradients =
          microBatches.order() == MicroBatches.Order.TREE
              ? sumByTree(work, slot, step, times)
              : sumInSequence(work, slot, step, times);
      optimizer.step(gradients, task.maxGradientNorm(), work.rateFactor());
      times.book(Phase.OPTIMIZER);
    }
    times.book(Phase.BOOKKEEPING);
  }

  /** Lets the engine add up what each micro-batch brings to the same leaves. */
  private NDList sumInSequence(Step work, int slot, NDManager step, StepTimes times) {
    FlatParameters.Leaves leaves = parameters.leaves(step);
    boolean any = false;
    for (int i = 0; i < microBatches.each(); i++) {
      any |= pass(work, slot, i, leaves, step, times);
    }
    if (microBatches.replicas() == 1) {
      return leaves.gradients();
    }
    tree.begin();
    if (any) {
      tree.add(leaves.gradients());
    } else {
      tree.addNothing();
    }
    return exchanged(times);
  }

  private NDList sumByTree(Step work, int slot, NDManager step, StepTimes times) {
    tree.begin();
    for (int i = 0; i < microBatches.each(); i++) {
      try (NDManager one = step.newSubManager()) {
        FlatParameters.Leaves leaves = parameters.leaves(one);
        if (pass(work, slot, i, leaves, one, times)) {
          tree.add(leaves.gradients());
        } else {
          tree.addNothing();
        }
        times.book(Phase.EXCHANGE);
      }
    }
    return exchanged(times);
  }

  private NDList exchanged(StepTimes times) {
    GradientTree.Buffer root = tree.root();
    if (microBatches.replicas() > 1) {
      collective.allReduce(rank, root.flat());
    }
    times.book(Phase.EXCHANGE);
    return root.parts();
  }

  /** Forward and backward of one micro-batch; false if it has no windows. */
  private boolean pass(
      Step work,
      int slot,
      int index,
      FlatParameters.Leaves leaves,
      NDManager step,
      StepTimes times) {
    int number = microBatches.first(rank) + index;
    WindowTensors.Rows rows = rows(work.batch(), number);
    if (rows.count() == 0) {
      return false;
    }
    try (NDManager pass = step.newSubManager();
        ScaledWindows.Loan loan = windows.lend(work.batch(), rows, pass)) {
      times.book(Phase.HOST_COPY);
      NDList inputs = inputs(loan.tensors());
      NDList output = block.forward(leaves.store(), inputs, true, told(work, number));
      NDArray sum = sum(loan, output.get(0), series(work.batch(), rows));
      lossOf[slot * microBatches.each() + index].addi(sum.stopGradient());
      times.book(Phase.FORWARD);
      JniUtils.backward((PtNDArray) sum, (PtNDArray) share(work.labels()), false, false);
      times.book(Phase.BACKWARD);
    }
    return true;
  }

  private PairList<String, Object> told(Step work, int microBatch) {
    PairList<String, Object> parameters = new PairList<>();
    parameters.add(ForecastModel.SEED, passSeed(task.seed(), work.number(), microBatch));
    parameters.add(ForecastModel.BFLOAT16, task.precision() == Precision.BFLOAT16);
    return parameters;
  }

  /** What is random in a pass comes from this number alone. */
  static long passSeed(long seed, long step, int microBatch) {
    return Permutation.mix(Permutation.mix(Permutation.mix(seed) + step) + microBatch);
  }

  /** The summed losses of this replica's micro-batches, without training on them. */
  float[] losses(WindowBatch batch) {
    float[] sums = new float[microBatches.each()];
    for (int i = 0; i < sums.length; i++) {
      WindowTensors.Rows rows = rows(batch, microBatches.first(rank) + i);
      if (rows.count() > 0) {
        try (NDManager pass = manager.newSubManager();
            ScaledWindows.Loan loan = windows.lend(batch, rows, pass)) {
          NDList output = block.forward(parameters.reading(), inputs(loan.tensors()), false, null);
          sums[i] = sum(loan, output.get(0), series(batch, rows)).getFloat();
        }
      }
    }
    return sums;
  }

  /** The losses of the last steps, {@code [slot][micro-batch]}, read back; then forgets them. */
  float[] takeLosses() {
    float[] taken = losses.toFloatArray();
    lists.zero(new NDList(losses));
    return taken;
  }

  private WindowTensors.Rows rows(WindowBatch batch, int microBatch) {
    int from = microBatches.row(microBatch, batch.size());
    return new WindowTensors.Rows(from, microBatches.row(microBatch + 1, batch.size()) - from);
  }

  private NDList inputs(WindowTensors tensors) {
    NDList inputs = tensors.inputs().toList();
    if (task.model().readsLabel()) {
      inputs.add(tensors.label());
    }
    return inputs;
  }

  private static IntUnaryOperator series(WindowBatch batch, WindowTensors.Rows rows) {
    return row -> batch.series(rows.from() + row);
  }

  private NDArray sum(ScaledWindows.Loan loan, NDArray output, IntUnaryOperator series) {
    WindowTensors tensors = loan.tensors();
    return task.loss()
        .sum(
            new LossTensors(
                output,
                tensors.label(),
                loan.weight(),
                tensors.location(),
                tensors.scale(),
                series,
                loan.weights()));
  }

  /** Made anew only for batches with another number of labels than the last one. */
  private NDArray share(long labels) {
    if (labels != shareLabels) {
      share.close();
      share = OwnedArrays.of(manager, new float[] {1f / labels}, new Shape());
      shareLabels = labels;
    }
    return share;
  }

  FlatParameters parameters() {
    return parameters;
  }

  FlatOptimizer optimizer() {
    return optimizer;
  }

  /** Arrays that live between steps; the same number after each step. */
  int managedArrays() {
    return manager.getManagedArrays().size();
  }

  /** What it holds between steps, in words. */
  String memory() {
    long weights = parameters.flat().size();
    return String.format(
        Locale.ROOT,
        "%s holds %,d weights (%,d MiB), %,d MiB of gradient buffers and %,d MiB of optimizer state",
        this,
        weights,
        mebibytes(weights),
        mebibytes(weights * (1 + tree.buffers())),
        mebibytes(optimizer.stateSize()));
  }

  private static long mebibytes(long floats) {
    return (floats * Float.BYTES + (1 << 20) - 1) >> 20;
  }

  Device device() {
    return manager.getDevice();
  }

  @Override
  public void close() {
    optimizer.close();
    lists.close();
    windows.close();
    parameters.close();
    manager.close();
  }

  @Override
  public String toString() {
    return "replica " + rank + " on " + device();
  }
}
