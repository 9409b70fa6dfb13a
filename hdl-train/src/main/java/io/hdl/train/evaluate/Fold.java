package io.hdl.train.evaluate;

import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;

/**
 * One fold of a rolling-origin backtest: the data up to its end, and nothing after it.
 *
 * @param number of the fold, from 1, in the order of time
 * @param folds number of all folds
 * @param store the series up to the fold's end; belongs to the backtest, which closes it
 * @param split its training, validation and test part, counted from the fold's end; the test part
 *     is the gap and the horizon
 */
public record Fold(int number, int folds, SeriesStore store, Split split) {
  /** The fold's name: {@code fold 2 of 5}. */
  @Override
  public String toString() {
    return "fold " + number + " of " + folds;
  }
}
