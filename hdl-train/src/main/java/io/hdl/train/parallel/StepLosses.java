package io.hdl.train.parallel;

import io.hdl.train.optim.FlatOptimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The losses of a group's steps, which stay on the devices until they are asked for, or until there
 * is no more room for them there. Belongs to the thread that trains.
 */
final class StepLosses {
  private final List<Replica> replicas;
  private final int microBatches;
  private final long[] stepOfSlot = new long[Replica.LOSS_STEPS];
  private OptionalLong notFinite = OptionalLong.empty();
  private int slot;
  private double sum;
  private long labels;

  /**
   * No steps yet.
   *
   * @param replicas those that take the steps; may be added to until the first one
   * @param microBatches how many each replica takes in a step
   */
  StepLosses(List<Replica> replicas, int microBatches) {
    this.replicas = replicas;
    this.microBatches = microBatches;
  }

  /** Where the replicas put the losses of the next step; reads the others back if that is full. */
  int slot() {
    if (slot == Replica.LOSS_STEPS) {
      read();
    }
    return slot;
  }

  /** Adds the step that {@link #slot} was asked for. */
  void add(long stepNumber, long labelsOfStep) {
    stepOfSlot[slot++] = stepNumber;
    labels += labelsOfStep;
  }

  /** The summed loss of all steps since the last call. */
  ReplicaGroup.LossSum take() {
    read();
    ReplicaGroup.LossSum taken = new ReplicaGroup.LossSum(sum, labels);
    sum = 0;
    labels = 0;
    return taken;
  }

  /** Adds up in the order of steps and micro-batches, whoever computed them. */
  private void read() {
    List<float[]> losses = new ArrayList<>();
    replicas.forEach(replica -> losses.add(replica.takeLosses()));
    for (int s = 0; s < slot; s++) {
      double before = sum;
      for (float[] ofReplica : losses) {
        for (int i = 0; i < microBatches; i++) {
          sum += ofReplica[s * microBatches + i];
        }
      }
      if (Double.isFinite(before) && !Double.isFinite(sum)) {
        notFiniteAt(stepOfSlot[s]);
      }
    }
    FlatOptimizer optimizer = replicas.get(0).optimizer();
    int stopped = Math.toIntExact(Math.min(slot, optimizer.steps() - optimizer.applied()));
    if (stopped > 0) {
      notFiniteAt(stepOfSlot[slot - stopped]);
    }
    slot = 0;
  }

  private void notFiniteAt(long stepNumber) {
    if (notFinite.isEmpty() || stepNumber < notFinite.getAsLong()) {
      notFinite = OptionalLong.of(stepNumber);
    }
  }

  /** Number of the first step whose loss or gradient was not finite, as far as losses were read. */
  OptionalLong notFinite() {
    return notFinite;
  }
}
