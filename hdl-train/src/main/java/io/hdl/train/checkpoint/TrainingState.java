package io.hdl.train.checkpoint;

import java.util.List;
import java.util.Map;

/**
 * All that an unfinished training needs to go on as if it had never stopped. Arrays are not copied.
 *
 * @param progress where it stands
 * @param weights the weights, flat
 * @param optimizer the arrays of the optimizer's state by name
 * @param bestWeights the weights of the best epoch so far, flat
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record TrainingState(
    Progress progress, float[] weights, Map<String, float[]> optimizer, float[] bestWeights) {
  /**
   * Where a training stands. The order of windows, the first weights and the generator's seed come
   * from the seed and the number of the epoch, so that no generator's state is needed.
   *
   * @param fingerprint what the training was made of; a state of another one is of no use
   * @param seed the seed
   * @param epoch epochs done
   * @param step steps done
   * @param optimizerSteps steps that the optimizer did
   * @param bestEpoch the epoch with the lowest validation loss
   * @param bestLoss its validation loss
   * @param epochs every epoch so far
   */
  public record Progress(
      String fingerprint,
      long seed,
      int epoch,
      long step,
      long optimizerSteps,
      int bestEpoch,
      double bestLoss,
      List<Epoch> epochs) {
    /** Copies the epochs. */
    public Progress {
      epochs = List.copyOf(epochs);
    }
  }

  /**
   * One epoch.
   *
   * @param epoch its number, from 1
   * @param trainLoss mean training loss
   * @param validationLoss mean validation loss; NaN if there is no validation part
   */
  public record Epoch(int epoch, double trainLoss, double validationLoss) {}
}
