package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.WindowBatch;

/** Forecasts windows with trained weights. Thread-safe as long as nobody changes the weights. */
public final class WindowForecasts {
  private WindowForecasts() {}

  /**
   * The forecasts for a batch.
   *
   * @param batch windows of a store with the features' channels
   * @param features which covariates and constants the model sees
   * @param scaler the scaler that the batch was gathered with
   * @param block the model
   * @param parameters its weights
   * @param manager manager of the device; nothing stays in it
   * @return forecasts in the target's own unit, {@code [batch][horizon][outputs]} row by row
   */
  public static float[] of(
      WindowBatch batch,
      WindowFeatures features,
      Scaler scaler,
      Block block,
      FlatParameters parameters,
      NDManager manager) {
    try (NDManager call = manager.newSubManager()) {
      WindowTensors tensors = WindowTensors.of(batch, features, scaler, call);
      NDArray output =
          block.forward(parameters.reading(), tensors.inputs().toList(), false).singletonOrThrow();
      return tensors.unscaled(output).toFloatArray();
    }
  }
}
