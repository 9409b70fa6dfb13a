package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.WindowBatch;
import io.hdl.train.loss.Loss;
import java.nio.FloatBuffer;

/** Forecasts windows with trained weights. Thread-safe as long as nobody changes the weights. */
public final class WindowForecasts {
  private final WindowFeatures features;
  private final Loss loss;
  private final Block block;
  private final FlatParameters parameters;

  /**
   * The forecasts of a model.
   *
   * @param features which covariates and constants it sees
   * @param loss what it was trained for
   * @param block the model
   * @param parameters its weights
   */
  public WindowForecasts(
      WindowFeatures features, Loss loss, Block block, FlatParameters parameters) {
    this.features = features;
    this.loss = loss;
    this.block = block;
    this.parameters = parameters;
  }

  /** Values per step: the point forecast, then one per quantile of the loss. */
  public int width() {
    return 1 + loss.quantiles().size();
  }

  /**
   * The forecasts for a batch.
   *
   * @param batch windows of a store with the features' channels
   * @param scaler the scaler that the batch was gathered with
   * @param manager manager of the device; nothing stays in it
   * @return forecasts in the target's own unit, {@code [batch][horizon][width]} row by row
   */
  public float[] of(WindowBatch batch, Scaler scaler, NDManager manager) {
    float[] outputs = outputs(batch, scaler, manager);
    int channels = features.channels().size();
    FloatBuffer location = batch.location();
    FloatBuffer scale = batch.scale();
    float[] values = new float[batch.size() * batch.horizon() * width()];
    for (int i = 0; i < batch.size(); i++) {
      float windowLocation = location.get(i * channels);
      float windowScale = scale.get(i * channels);
      for (int step = 0; step < batch.horizon(); step++) {
        int row = i * batch.horizon() + step;
        loss.forecast(
            outputs, row * loss.outputs(), windowLocation, windowScale, values, row * width());
      }
    }
    return values;
  }

  private float[] outputs(WindowBatch batch, Scaler scaler, NDManager manager) {
    try (NDManager call = manager.newSubManager()) {
      WindowTensors tensors = WindowTensors.of(batch, features, scaler, call);
      NDArray output =
          block.forward(parameters.reading(), tensors.inputs().toList(), false).singletonOrThrow();
      return output.toFloatArray();
    }
  }
}
