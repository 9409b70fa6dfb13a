package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

/** DLinear's forward pass. The moving average is a fixed matrix, its ends padded by repetition. */
final class DLinearBlock extends ForecastBlock {
  private final Parameter average;
  private final Layer seasonal;
  private final Layer trend;

  DLinearBlock(DLinear model, WindowShape window, long seed) {
    super(window, model.centering(), seed);
    int context = window.context();
    int outputs = window.horizon() * window.outputs();
    average = constant("average", new Shape(context, context), averaging(context, model.kernel()));
    seasonal = layer("seasonal", context, outputs);
    trend = layer("trend", context, outputs);
  }

  /** The matrix {@code [from, to]} of a centred moving average. */
  private static float[] averaging(int context, int kernel) {
    float[] matrix = new float[context * context];
    int half = kernel / 2;
    for (int to = 0; to < context; to++) {
      for (int offset = -half; offset <= half; offset++) {
        int from = Math.min(context - 1, Math.max(0, to + offset));
        matrix[from * context + to] += 1.0f / kernel;
      }
    }
    return matrix;
  }

  @Override
  NDArray forecast(ForecastInputs inputs, Pass pass) {
    NDArray smooth = inputs.target().matMul(pass.of(average));
    NDArray rest = inputs.target().sub(smooth);
    return seasonal.apply(rest, pass).add(trend.apply(smooth, pass));
  }
}
