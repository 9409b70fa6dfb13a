package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/** The location and the scale of a batch's windows, each {@code [batch, 1]} or none. */
record InstanceNorm(@Nullable NDArray location, @Nullable NDArray scale) {
  private static final float FLOOR = 1e-5f;

  static InstanceNorm of(Centering centering, ForecastInputs inputs) {
    NDArray target = inputs.target();
    return switch (centering) {
      case NONE -> new InstanceNorm(null, null);
      case LAST -> new InstanceNorm(last(target), null);
      case MEAN -> new InstanceNorm(mean(target), null);
      case STANDARD, REVERSIBLE -> {
        NDArray mean = mean(target);
        // What is missing holds the mean and adds nothing to the squares.
        NDArray squares = target.sub(mean).square().sum(new int[] {1}, true);
        NDArray variance = squares.div(count(inputs));
        yield new InstanceNorm(mean, variance.add(FLOOR).sqrt());
      }
      case ABSOLUTE -> new InstanceNorm(null, absolute(inputs));
      case LAST_ABSOLUTE -> new InstanceNorm(last(target), absolute(inputs));
    };
  }

  private static NDArray last(NDArray target) {
    return target.get(":, " + (target.getShape().get(1) - 1) + ":");
  }

  /** A gap holds the mean of what is observed. */
  private static NDArray mean(NDArray target) {
    return target.mean(new int[] {1}, true);
  }

  private static NDArray count(ForecastInputs inputs) {
    return inputs.observed().sum(new int[] {1}, true).maximum(1);
  }

  private static NDArray absolute(ForecastInputs inputs) {
    NDArray values = inputs.target().abs().mul(inputs.observed());
    return values.sum(new int[] {1}, true).div(count(inputs)).maximum(FLOOR);
  }

  /** The window, {@code [batch, context]}, without location and scale. */
  NDArray apply(NDArray target) {
    NDArray centred = location == null ? target : target.sub(location);
    return scale == null ? centred : centred.div(scale);
  }

  /** The forecast, {@code [batch, horizon, outputs]}, with location and scale. */
  NDArray undo(NDArray forecast) {
    NDArray scaled = scale == null ? forecast : forecast.mul(scale.expandDims(2));
    return location == null ? scaled : scaled.add(location.expandDims(2));
  }
}
