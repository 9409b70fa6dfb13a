package io.hdl.train.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that an unfinished training needs to go on as if it had never stopped. Arrays are not copied.
 *
 * @param progress where it stands
 * @param manifest the model, the scaler and where the data came from, as JSON; may be empty
 * @param weights the weights, flat
 * @param optimizer the arrays of the optimizer's state by name
 * @param average the moving average of the weights, flat; empty if there is none
 * @param bestWeights the weights of the best epoch so far, flat; empty before the first one
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record TrainingState(
    Progress progress,
    String manifest,
    float[] weights,
    Map<String, float[]> optimizer,
    float[] average,
    float[] bestWeights) {
  /**
   * Where a training stands. All that is random comes from the seed and the numbers of epoch, step
   * and micro-batch, so that no generator's state is needed; the sampler's position is epoch and
   * batch.
   *
   * @param identity what the training was made of, by name; it goes on with the same alone
   * @param software versions of what computed, by name
   * @param seed the seed
   * @param epoch epochs done
   * @param batch batches done of the epoch after them
   * @param step steps done
   * @param lossSum summed loss of the batches done of the epoch under way
   * @param lossLabels number of labels that it is over
   * @param optimizerSteps steps that the optimizer did
   * @param averagedSteps steps that the moving average took in
   * @param schedule state of the learning-rate schedule by name
   * @param bestEpoch the epoch with the lowest validation loss; 0 before the first one
   * @param bestLoss its validation loss
   * @param epochs every epoch so far
   */
  public record Progress(
      Map<String, String> identity,
      Map<String, String> software,
      long seed,
      int epoch,
      long batch,
      long step,
      double lossSum,
      long lossLabels,
      long optimizerSteps,
      long averagedSteps,
      Map<String, Double> schedule,
      int bestEpoch,
      double bestLoss,
      List<Epoch> epochs) {
    /** Copies the collections and keeps their order. */
    public Progress {
      identity = Collections.unmodifiableMap(new LinkedHashMap<>(identity));
      software = Collections.unmodifiableMap(new LinkedHashMap<>(software));
      schedule = Collections.unmodifiableMap(new LinkedHashMap<>(schedule));
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
