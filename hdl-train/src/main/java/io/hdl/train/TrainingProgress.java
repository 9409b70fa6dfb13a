package io.hdl.train;

import io.hdl.train.checkpoint.TrainingState;
import io.hdl.train.parallel.ReplicaGroup;
import java.util.ArrayList;
import java.util.List;

/** Where a training stands, apart from what is on the devices. Belongs to the training's thread. */
final class TrainingProgress {
  /** Epochs done. */
  int epoch;

  /** Batches done of the epoch under way. */
  long batch;

  /** Steps done. */
  long step;

  int bestEpoch;
  double bestLoss = Double.POSITIVE_INFINITY;
  float[] bestWeights = new float[0];
  final List<TrainingState.Epoch> epochs = new ArrayList<>();

  private double lossSum;
  private long lossLabels;

  /** Goes on from a saved state. */
  void restore(TrainingState state) {
    TrainingState.Progress saved = state.progress();
    epoch = saved.epoch();
    batch = saved.batch();
    step = saved.step();
    lossSum = saved.lossSum();
    lossLabels = saved.lossLabels();
    bestEpoch = saved.bestEpoch();
    bestLoss = saved.bestLoss();
    bestWeights = state.bestWeights();
    epochs.clear();
    epochs.addAll(saved.epochs());
  }

  void stepDone() {
    batch++;
    step++;
  }

  /** Losses that were read back, of steps of the epoch under way. */
  void add(ReplicaGroup.LossSum loss) {
    lossSum += loss.sum();
    lossLabels += loss.labels();
  }

  double lossSum() {
    return lossSum;
  }

  long lossLabels() {
    return lossLabels;
  }

  /**
   * The epoch under way is done.
   *
   * @param validationLoss NaN if there is no validation part
   * @param weights what was validated
   */
  TrainingState.Epoch epochDone(double validationLoss, float[] weights) {
    epoch++;
    double trainLoss = lossLabels == 0 ? Double.NaN : lossSum / lossLabels;
    TrainingState.Epoch done = new TrainingState.Epoch(epoch, trainLoss, validationLoss);
    epochs.add(done);
    if (Double.isNaN(validationLoss) || validationLoss < bestLoss) {
      bestLoss = Double.isNaN(validationLoss) ? bestLoss : validationLoss;
      bestEpoch = epoch;
      bestWeights = weights;
    }
    batch = 0;
    lossSum = 0;
    lossLabels = 0;
    return done;
  }
}
