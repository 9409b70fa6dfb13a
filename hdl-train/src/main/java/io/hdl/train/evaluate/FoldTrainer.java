package io.hdl.train.evaluate;

import io.hdl.data.series.SeriesStore;

/** Trains a model for a fold of a {@link RollingBacktest}, on that fold's data alone. */
@FunctionalInterface
public interface FoldTrainer {
  /** A model of any kind that is ready to forecast; the backtest closes it. */
  FoldModel train(Fold fold);

  /** A trained model. */
  interface FoldModel extends AutoCloseable {
    /** Forecasts windows of a fold's store; the backtest closes the predictor. */
    WindowPredictor predictor(SeriesStore store);

    @Override
    default void close() {}
  }
}
