package io.hdl.train.parallel;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import com.google.common.hash.Hashing;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.WindowBatch;
import io.hdl.train.loss.Loss;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.WindowFeatures;
import io.hdl.train.model.WindowShape;
import io.hdl.train.optim.FlatOptimizer;
import io.hdl.train.optim.Optimizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The replicas of a model that take training steps together, one per device. Belongs to the thread
 * that trains, on which the first replica runs; each other one has a thread of its own, {@code
 * hdl-replica-…}.
 *
 * <p>A step takes a whole batch and shares its windows out. Each replica computes the gradient of
 * its share, all of them exchange the sum, divided by the number of observed labels of the whole
 * batch, clip it by its global norm and change their weights alike: the weights stay the same bits
 * on all replicas. Losses stay on the devices until they are asked for. If one replica fails, the
 * step ends on all of them with that failure, and the group is of no more use.
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
   * @param accumulation micro-batches that each replica takes one after another in a step; with
   *     {@link Determinism#portable} their number comes from there
   * @param precision in which number format the steps compute
   * @param seed what the first weights and all that is random in a step come from
   */
  public record Task(
      ForecastModel model,
      WindowFeatures features,
      WindowShape window,
      Scaler scaler,
      Loss loss,
      double lossUnit,
      Optimizer optimizer,
      double maxGradientNorm,
      int accumulation,
      Precision precision,
      long seed) {}

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

  private final Task task;
  private final MicroBatches microBatches;
  private final Collective collective;
  private final StepTimes times = new StepTimes();
  private final ObservedLabels labels = new ObservedLabels();
  private final List<Replica> replicas = new ArrayList<>();
  private final ReplicaThreads threads;
  private final StepLosses losses;

  private ReplicaGroup(
      Task task, MicroBatches microBatches, Collective collective, ReplicaThreads threads) {
    this.task = task;
    this.microBatches = microBatches;
    this.collective = collective;
    this.threads = threads;
    this.losses = new StepLosses(replicas, microBatches.each());
  }

  /**
   * Brings a model to devices: the same first weights on each.
   *
   * @param devices one for each replica
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} if the determinism does not fit
   *     the number of devices, or the precision the model
   */
  public static ReplicaGroup of(List<Device> devices, Determinism determinism, Task task) {
    // What does not fit is refused before GPUs are connected.
    Problems problems = new Problems();
    task.precision().check(task.model(), problems);
    problems.throwIfAny("The task");
    MicroBatches.of(determinism, devices.size(), task.accumulation());
    Collective collective = Collective.of(devices, determinism);
    try {
      return of(devices, determinism, task, collective);
    } catch (RuntimeException | Error e) {
      collective.close();
      throw e;
    }
  }

  static ReplicaGroup of(
      List<Device> devices, Determinism determinism, Task task, Collective collective) {
    MicroBatches microBatches = MicroBatches.of(determinism, devices.size(), task.accumulation());
    TorchEngine.start();
    ReplicaThreads threads = ReplicaThreads.start(devices, determinism, collective);
    ReplicaGroup group = new ReplicaGroup(task, microBatches, collective, threads);
    try {
      for (int rank = 0; rank < devices.size(); rank++) {
        Replica replica = new Replica(rank, devices.get(rank), task, microBatches, collective);
        group.replicas.add(replica);
        if (rank > 0) {
          replica.parameters().set(group.parameters().toArray());
        }
      }
      return group;
    } catch (RuntimeException | Error e) {
      group.close();
      throw e;
    }
  }

  /** Number of replicas. */
  public int size() {
    return replicas.size();
  }

  /**
   * Refuses a batch size that leaves replicas or micro-batches without windows.
   *
   * @param batchSize windows per step, over all replicas
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS}
   */
  public static void requireFits(
      List<Device> devices, Determinism determinism, int accumulation, int batchSize) {
    MicroBatches.of(determinism, devices.size(), accumulation).requireFits(batchSize);
  }

  /**
   * One training step of all replicas.
   *
   * @param globalBatch the windows of all of them; not changed, and free again when this method
   *     returns
   * @param rateFactor what the optimizer's learning rate is multiplied by
   * @param stepNumber number of the step in the whole training, from 0: what is random in the step
   *     comes from it and the seed
   * @throws RuntimeException what the first replica that failed has thrown
   */
  public void step(WindowBatch globalBatch, double rateFactor, long stepNumber) {
    long observed = labels.observed(globalBatch);
    if (observed == 0) {
      return;
    }
    int slot = losses.slot();
    if (task.model().notPortable().isPresent()) {
      long seed = Replica.passSeed(task.seed(), stepNumber, 0);
      TorchEngine.start().setRandomSeed((int) (seed ^ (seed >>> 32)));
    }
    Replica.Step step = new Replica.Step(globalBatch, observed, rateFactor, stepNumber);
    run(
        globalBatch,
        rank -> replicas.get(rank).step(step, slot, rank == 0 ? times : new StepTimes()));
    losses.add(stepNumber, observed);
  }

  /** The summed loss of all steps since the last call, read back from the devices. */
  public LossSum takeLoss() {
    return losses.take();
  }

  /**
   * Number of the first step whose loss or gradient was not finite, as far as losses were read
   * back. Where gradients are clipped, weights and optimizer are those before that step.
   */
  public OptionalLong notFinite() {
    return losses.notFinite();
  }

  /** Does work on all replicas, and words what goes wrong in the engine. */
  private void run(WindowBatch batch, IntConsumer work) {
    try {
      threads.run(work);
    } catch (EngineException e) {
      throw EngineFailure.of("train", e, "What is allocated: " + memory(batch));
    }
  }

  private String memory(WindowBatch batch) {
    int windows = (batch.size() + microBatches.total() - 1) / microBatches.total();
    return replicas.stream().map(Replica::memory).collect(Collectors.joining("; "))
        + "; a micro-batch has "
        + windows
        + (windows == 1 ? " window of " : " windows of ")
        + (batch.context() + batch.horizon())
        + " steps, and what its passes keep comes on top. Choose a smaller globalBatchSize, a higher"
        + " accumulation, a shorter context or a smaller model. The last checkpoint stays good: the"
        + " same job goes on from it where there is more memory.";
  }

  /** The summed loss of a batch without training on it, and its number of observed labels. */
  public LossSum loss(WindowBatch batch) {
    alignStatistics();
    float[][] sums = new float[replicas.size()][];
    run(batch, rank -> sums[rank] = replicas.get(rank).losses(batch));
    double sum = 0;
    for (float[] ofReplica : sums) {
      for (float one : ofReplica) {
        sum += one;
      }
    }
    return new LossSum(sum, labels.observed(batch));
  }

  /** Where the time of steps goes; the caller begins it and books what it does between steps. */
  public StepTimes times() {
    return times;
  }

  /** The weights of the first replica; what they hold changes with every step. */
  public FlatParameters parameters() {
    return replicas.get(0).parameters();
  }

  /** The first replica's optimizer with its state. */
  public FlatOptimizer optimizer() {
    return replicas.get(0).optimizer();
  }

  /**
   * Goes on from a saved state, on all replicas.
   *
   * @param weights the weights, flat
   * @param optimizerState the arrays of the optimizer's state by name
   * @param optimizerSteps steps that the optimizer did
   */
  public void restore(float[] weights, Map<String, float[]> optimizerState, long optimizerSteps) {
    set(weights);
    for (Replica replica : replicas) {
      replica.optimizer().restore(optimizerState, optimizerSteps);
    }
  }

  /**
   * Replaces the weights of all replicas.
   *
   * @param weights the weights, flat
   */
  public void set(float[] weights) {
    replicas.forEach(replica -> replica.parameters().set(weights));
  }

  /**
   * Compares the weights of all replicas, if there are several.
   *
   * @throws HdlException as {@link #checksums} does
   */
  public void requireEqualWeights() {
    if (replicas.size() == 1) {
      return;
    }
    alignStatistics();
    float[] first = parameters().toArray();
    for (Replica replica : replicas.subList(1, replicas.size())) {
      if (!Arrays.equals(replica.parameters().toArray(), first)) {
        checksums(); // which says by what they differ
      }
    }
  }

  /**
   * SHA-256 of each replica's weights as little-endian float32, in hex: all the same.
   *
   * @throws HdlException with {@link ErrorCode#DEVICE_FAILURE} that names the first replica whose
   *     weights differ from those of the first one
   */
  public List<String> checksums() {
    alignStatistics();
    List<String> checksums = replicas.stream().map(ReplicaGroup::checksum).toList();
    for (int rank = 1; rank < checksums.size(); rank++) {
      if (!checksums.get(rank).equals(checksums.get(0))) {
        throw new HdlException(
            ErrorCode.DEVICE_FAILURE,
            "The weights of "
                + replicas.get(rank)
                + " (SHA-256 "
                + checksums.get(rank)
                + ") differ from those of "
                + replicas.get(0)
                + " ("
                + checksums.get(0)
                + "): its device or its exchange is broken. Run the job again without this device:"
                + " it goes on after its last checkpoint.");
      }
    }
    return checksums;
  }

  /** Batch norms follow the windows of their own replica; what the first one followed counts. */
  private void alignStatistics() {
    replicas.stream().skip(1).forEach(replica -> replica.parameters().copyStatistics(parameters()));
  }

  private static String checksum(Replica replica) {
    float[] weights = replica.parameters().toArray();
    ByteBuffer bytes =
        ByteBuffer.allocate(weights.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(weights);
    return Hashing.sha256().hashBytes(bytes.array()).toString();
  }

  /** One figure of each replica, for tests. */
  List<Long> each(ToLongFunction<Replica> figure) {
    return replicas.stream().map(figure::applyAsLong).toList();
  }

  Replica replica(int rank) {
    return replicas.get(rank);
  }

  @Override
  public void close() {
    threads.close();
    replicas.forEach(Replica::close);
    collective.close();
  }
}
