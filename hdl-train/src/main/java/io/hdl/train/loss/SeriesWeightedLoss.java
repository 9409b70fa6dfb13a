package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.SeriesWeights;
import io.hdl.data.series.Split;
import java.util.Optional;

/**
 * A loss whose labels count by the weight of their series. Read back from a name it forecasts, and
 * does not train: the name does not hold the weights.
 */
record SeriesWeightedLoss(Loss loss, String weights, Optional<SeriesWeights> table)
    implements ForwardingLoss {
  SeriesWeightedLoss {
    Arguments.require(
        !weights.contains(":") && !weights.startsWith("steps"),
        "weights",
        "\"" + weights + "\"",
        "a name without a colon that does not begin with steps");
  }

  @Override
  public String name() {
    return "weighted(" + weights + ": " + loss.name() + ")";
  }

  @Override
  public Loss on(SeriesStore store, Split split) {
    SeriesWeights chosen =
        table.orElseThrow(
            () ->
                new HdlException(
                    ErrorCode.INVALID_SETTINGS,
                    "Cannot train for the loss "
                        + name()
                        + ": a name does not hold the weights of series. Make it with"
                        + " Losses.weighted(loss, weights)."));
    double[] found = chosen.ofSeries(store, split);
    double mean = 0;
    for (double weight : found) {
      mean += weight / found.length;
    }
    float[] relative = new float[found.length];
    for (int series = 0; series < found.length; series++) {
      relative[series] = (float) (found[series] / mean);
    }
    return new BoundLoss(this, loss.on(store, split), relative, BoundLoss.Unit.AS_IS);
  }

  @Override
  public NDArray sum(LossTensors tensors) {
    throw new IllegalStateException("loss " + name() + ": no series (expected: Loss.on before)");
  }
}
