package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;

/**
 * The absolute error in the target's unit, divided by the mean absolute seasonal change of the
 * series' training part: as MASE counts it. A series without such a change, or with none but zero,
 * does not count.
 */
record ScaledAbsoluteLoss(int season) implements Loss {
  ScaledAbsoluteLoss {
    Arguments.require(season >= 1, "season", season, ">= 1");
  }

  @Override
  public String name() {
    return "mase(" + season + ")";
  }

  @Override
  public boolean hasUnit() {
    return false;
  }

  @Override
  public Loss on(SeriesStore store, Split split) {
    float[] weights = new float[store.seriesCount()];
    for (int series = 0; series < weights.length; series++) {
      double scale = seasonalChange(store, series, split.bounds(store, series).trainEnd());
      weights[series] = scale > 0 ? (float) (1 / scale) : 0;
    }
    return new BoundLoss(this, new AbsoluteLoss(), weights, BoundLoss.Unit.ORIGINAL);
  }

  private double seasonalChange(SeriesStore store, int series, int end) {
    double sum = 0;
    long pairs = 0;
    for (int step = season; step < end; step++) {
      double change =
          Math.abs((double) store.value(series, step, 0) - store.value(series, step - season, 0));
      if (!Double.isNaN(change)) {
        sum += change;
        pairs++;
      }
    }
    return pairs == 0 ? Double.NaN : sum / pairs;
  }

  @Override
  public NDArray sum(LossTensors tensors) {
    throw new IllegalStateException("loss " + name() + ": no series (expected: Loss.on before)");
  }
}
