package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.util.PairList;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.WindowBatch;
import io.hdl.train.loss.Distribution;
import io.hdl.train.loss.Loss;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Forecasts windows with trained weights. Thread-safe as long as nobody changes the weights. */
public final class WindowForecasts {
  /** Most paths that are drawn at once: bounds the memory that their steps take. */
  private static final int MAX_PATHS = 1 << 14;

  private final ForecastModel model;
  private final WindowFeatures features;
  private final Loss loss;
  private final Block block;
  private final FlatParameters parameters;

  /**
   * The forecasts of a model.
   *
   * @param model its specification
   * @param features which covariates and constants it sees
   * @param loss what it was trained for
   * @param block the model
   * @param parameters its weights
   */
  public WindowForecasts(
      ForecastModel model,
      WindowFeatures features,
      Loss loss,
      Block block,
      FlatParameters parameters) {
    this.model = model;
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
    int rows = batch.size() * batch.horizon();
    float[] values = new float[rows * width()];
    if (model.samplePaths() > 0) {
      int paths = model.samplePaths();
      float[] drawn = paths(batch, scaler, manager, paths);
      float[] samples = new float[paths];
      for (int row = 0; row < rows; row++) {
        System.arraycopy(drawn, row * paths, samples, 0, paths);
        loss.forecast(samples, values, row * width());
      }
      return values;
    }
    float[] locations = ofTarget(batch.location(), batch.size());
    float[] scales = ofTarget(batch.scale(), batch.size());
    float[] outputs = outputs(batch, scaler, manager);
    for (int row = 0; row < rows; row++) {
      int window = row / batch.horizon();
      loss.forecast(
          outputs, row * loss.outputs(), locations[window], scales[window], values, row * width());
    }
    return values;
  }

  /**
   * Sample paths of a batch's windows, the same for the same window in any batch. A model that does
   * not draw paths itself forecasts each step's distribution alone: its paths are drawn step by
   * step, each independent of the others.
   *
   * @param batch windows of a store with the features' channels
   * @param scaler the scaler that the batch was gathered with
   * @param manager manager of the device; nothing stays in it
   * @param paths number of paths per window
   * @return values in the target's own unit, {@code [batch][horizon][paths]} row by row
   * @throws HdlException with {@code UNSUPPORTED_FEATURE} if the model forecasts no distribution
   */
  public float[] paths(WindowBatch batch, Scaler scaler, NDManager manager, int paths) {
    Distribution distribution =
        loss.distribution()
            .orElseThrow(
                () ->
                    new HdlException(
                        ErrorCode.UNSUPPORTED_FEATURE,
                        "Cannot draw sample paths: the model was trained for the loss "
                            + loss.name()
                            + ", which is not a distribution's. Train it for"
                            + " Losses.gaussian(), studentT() or negativeBinomial()."));
    try (NDManager call = manager.newSubManager()) {
      NDList inputs = WindowTensors.of(batch, features, scaler, call).inputs().toList();
      float[] all = new float[batch.size() * batch.horizon() * paths];
      int windows = Math.max(1, MAX_PATHS / paths);
      for (int from = 0; from < batch.size(); from += windows) {
        int to = Math.min(batch.size(), from + windows);
        float[] drawn = drawn(distribution, inputs, batch, from, to, paths);
        System.arraycopy(drawn, 0, all, from * batch.horizon() * paths, drawn.length);
      }
      return all;
    }
  }

  /** The paths of some windows of a batch. */
  private float[] drawn(
      Distribution distribution, NDList inputs, WindowBatch batch, int from, int to, int paths) {
    try (NDManager part = inputs.get(0).getManager().newSubManager()) {
      NDList rows = new NDList();
      for (NDArray input : inputs) {
        NDArray row = input.get(from + ":" + to);
        row.attach(part);
        rows.add(row);
      }
      WindowDraws draws =
          new WindowDraws(
              distribution,
              rows.get(0).toFloatArray(),
              Arrays.copyOfRange(ofTarget(batch.location(), batch.size()), from, to),
              Arrays.copyOfRange(ofTarget(batch.scale(), batch.size()), from, to),
              paths);
      PairList<String, Object> params = new PairList<>();
      params.add(ForecastModel.SAMPLER, draws);
      NDArray output = block.forward(parameters.reading(), rows, false, params).singletonOrThrow();
      float[] values = output.toFloatArray();
      return model.samplePaths() > 0
          ? draws.unscaled(values, batch.horizon())
          : draws.independent(values, batch.horizon());
    }
  }

  private float[] ofTarget(FloatBuffer perChannel, int windows) {
    int channels = features.channels().size();
    float[] values = new float[windows];
    for (int i = 0; i < windows; i++) {
      values[i] = perChannel.get(i * channels);
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
