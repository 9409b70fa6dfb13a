package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;

/** A loss whose labels count by the weight of their series in the data of a training. */
final class BoundLoss implements ForwardingLoss {
  /** In which unit the weighted loss counts errors. */
  enum Unit {
    /** In that of the loss. */
    AS_IS,
    /** In the target's own. */
    ORIGINAL
  }

  private final Loss named;
  private final Loss weighted;
  private final float[] weights;
  private final Unit unit;

  /**
   * A loss with weights.
   *
   * @param named what it is called and forecasts as
   * @param weighted what is summed
   * @param weights of each series
   */
  BoundLoss(Loss named, Loss weighted, float[] weights, Unit unit) {
    this.named = named;
    this.weighted = weighted;
    this.weights = weights;
    this.unit = unit;
  }

  @Override
  public Loss loss() {
    return named;
  }

  @Override
  public String name() {
    return named.name();
  }

  @Override
  public Loss on(SeriesStore store, Split split) {
    return named.on(store, split);
  }

  @Override
  public NDArray sum(LossTensors tensors) {
    float[] rows = new float[(int) tensors.label().getShape().get(0)];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = weights[tensors.series().applyAsInt(row)];
    }
    NDArray factor = OwnedArrays.of(tensors.output().getManager(), rows, new Shape(rows.length, 1));
    if (unit == Unit.ORIGINAL) {
      factor = factor.mul(tensors.scale());
    }
    return weighted.sum(tensors.weighing(tensors.weight().mul(factor)));
  }
}
