package io.hdl.train.metric;

/**
 * Accumulates the pinball (quantile) loss of forecasts of one quantile and the share of labels that
 * lie at or below them, which for a calibrated forecast is near the quantile. Not thread-safe.
 */
public final class PinballLoss {
  private final double quantile;
  private double sum;
  private long count;
  private long below;

  /**
   * An empty accumulator.
   *
   * @param quantile the quantile that is forecast, above 0 and below 1
   */
  public PinballLoss(double quantile) {
    if (!(quantile > 0 && quantile < 1)) {
      throw new IllegalArgumentException(
          "quantile: " + quantile + " (expected: above 0 and below 1)");
    }
    this.quantile = quantile;
  }

  /** Adds one step; does nothing if the label is NaN. */
  public void add(double actual, double forecast) {
    if (Double.isNaN(actual)) {
      return;
    }
    double difference = actual - forecast;
    sum += Math.max(quantile * difference, (quantile - 1) * difference);
    count++;
    if (actual <= forecast) {
      below++;
    }
  }

  /** Adds everything that another accumulator of the same quantile has seen. */
  public void add(PinballLoss other) {
    if (other.quantile != quantile) {
      throw new IllegalArgumentException(
          "quantile: " + other.quantile + " (expected: " + quantile + ")");
    }
    sum += other.sum;
    count += other.count;
    below += other.below;
  }

  /** The quantile that is forecast. */
  public double quantile() {
    return quantile;
  }

  /** The mean loss; NaN without any label. */
  public double mean() {
    return count == 0 ? Double.NaN : sum / count;
  }

  /** The share of labels at or below the forecast; NaN without any label. */
  public double coverage() {
    return count == 0 ? Double.NaN : (double) below / count;
  }

  /** Number of steps with a label. */
  public long count() {
    return count;
  }
}
