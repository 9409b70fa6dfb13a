package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;

/** N-HiTS's forward pass, one block per stack. */
final class NHitsBlock extends ForecastBlock {
  /**
   * One stack.
   *
   * @param layers the hidden ones, then the one that gives the coefficients
   */
  private record Stack(int pooling, int knots, List<Layer> layers, Parameter spread) {}

  private final WindowShape window;
  private final List<Stack> stacks = new ArrayList<>();

  NHitsBlock(NHits model, WindowShape window, long seed) {
    super(window, model.centering(), seed);
    this.window = window;
    int extra =
        window.context() * window.pastFeatures()
            + window.horizon() * window.knownFeatures()
            + window.constants();
    for (int s = 0; s < model.pooling().size(); s++) {
      int pooling = Math.min(model.pooling().get(s), window.context());
      int knots = Math.max(1, window.horizon() / model.downsampling().get(s));
      int width = ceilDiv(window.context(), pooling) + extra;
      List<Layer> layers = new ArrayList<>();
      for (int i = 0; i < model.layers(); i++) {
        layers.add(layer("stack" + s + ".hidden" + i, width, model.hidden()));
        width = model.hidden();
      }
      int coefficients = window.context() + knots * window.outputs();
      layers.add(layer("stack" + s + ".theta", width, coefficients));
      Parameter spread =
          constant(
              "stack" + s + ".interpolation",
              new Shape(knots, window.horizon()),
              interpolation(knots, window.horizon()));
      stacks.add(new Stack(pooling, knots, List.copyOf(layers), spread));
    }
  }

  private static int ceilDiv(int value, int by) {
    return (value + by - 1) / by;
  }

  /**
   * The matrix {@code [knots, horizon]} of linear interpolation with half-step offsets and constant
   * ends, as PyTorch's {@code interpolate(mode="linear", align_corners=False)}.
   */
  static float[] interpolation(int knots, int horizon) {
    float[] matrix = new float[knots * horizon];
    for (int step = 0; step < horizon; step++) {
      double at = Math.max(0, (step + 0.5) * knots / horizon - 0.5);
      int left = Math.min((int) at, knots - 1);
      int right = Math.min(left + 1, knots - 1);
      double part = at - left;
      matrix[left * horizon + step] += (float) (1 - part);
      matrix[right * horizon + step] += (float) part;
    }
    return matrix;
  }

  @Override
  NDArray forecast(ForecastInputs inputs, Pass pass) {
    long batch = inputs.target().getShape().get(0);
    NDList extra = new NDList();
    addFlat(extra, inputs.past(), batch);
    addFlat(extra, inputs.known(), batch);
    addFlat(extra, inputs.constants(), batch);
    NDArray residual = inputs.target();
    // Begins at the level of the naive forecast, as NeuralForecast does.
    NDArray forecast = residual.get(":, " + (window.context() - 1) + ":").expandDims(2);
    for (int s = 0; s < stacks.size(); s++) {
      Stack stack = stacks.get(s);
      NDList input = new NDList(pooled(residual, stack.pooling()));
      input.addAll(extra);
      NDArray x = input.size() == 1 ? input.get(0) : NDArrays.concat(input, 1);
      NDArray knots;
      if (s < stacks.size() - 1) {
        NDList theta =
            DenseLayers.apply(x, stack.layers(), pass).split(new long[] {window.context()}, 1);
        residual = residual.sub(theta.get(0)).mul(inputs.observed());
        knots = theta.get(1);
      } else {
        knots = DenseLayers.apply(x, stack.layers(), window.context(), pass);
      }
      // Knots lie [outputs, knots], so that one product interpolates all outputs.
      NDArray steps =
          knots
              .reshape(batch * window.outputs(), stack.knots())
              .matMul(pass.of(stack.spread()))
              .reshape(batch, window.outputs(), window.horizon())
              .transpose(0, 2, 1);
      forecast = forecast.add(steps);
    }
    return forecast;
  }

  private static void addFlat(NDList list, NDArray features, long batch) {
    if (features.size() > 0) {
      list.add(features.reshape(batch, -1));
    }
  }

  /**
   * The maximum over each {@code steps} neighbours, counted from the window's end as in the
   * authors' code; a shorter group may stand at the beginning.
   */
  private static NDArray pooled(NDArray series, int steps) {
    if (steps == 1) {
      return series;
    }
    long batch = series.getShape().get(0);
    long length = series.getShape().get(1);
    long rest = length % steps;
    NDArray whole = rest == 0 ? series : series.get(":, " + rest + ":");
    NDArray groups = whole.reshape(batch, length / steps, steps).max(new int[] {2});
    if (rest == 0) {
      return groups;
    }
    NDArray first = series.get(":, :" + rest).max(new int[] {1}, true);
    return NDArrays.concat(new NDList(first, groups), 1);
  }
}
