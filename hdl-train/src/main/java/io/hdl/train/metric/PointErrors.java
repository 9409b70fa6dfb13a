package io.hdl.train.metric;

/**
 * Accumulates the errors of forecasts step by step and gives WAPE, MAE, MSE, RMSE and sMAPE over
 * all of them; see {@link Metrics} for the definitions. Keeps six numbers, however many steps it
 * has seen. Not thread-safe.
 */
public final class PointErrors {
  private long count;
  private double absoluteError;
  private double squaredError;
  private double absoluteActual;
  private double symmetricError;
  private double error;

  /** Adds one step; does nothing if the label is NaN. */
  public void add(double actual, double forecast) {
    if (Double.isNaN(actual)) {
      return;
    }
    double difference = forecast - actual;
    double absolute = Math.abs(difference);
    double size = Math.abs(actual) + Math.abs(forecast);
    count++;
    absoluteError += absolute;
    squaredError += difference * difference;
    absoluteActual += Math.abs(actual);
    symmetricError += size == 0 ? 0 : absolute / size;
    error += difference;
  }

  /** Adds everything that another accumulator has seen. */
  public void add(PointErrors other) {
    count += other.count;
    absoluteError += other.absoluteError;
    squaredError += other.squaredError;
    absoluteActual += other.absoluteActual;
    symmetricError += other.symmetricError;
    error += other.error;
  }

  /** Number of steps with a label. */
  public long count() {
    return count;
  }

  /** The sum of absolute labels: the volume that the errors are weighed against. */
  public double volume() {
    return absoluteActual;
  }

  /** The sum of absolute errors. */
  public double absoluteError() {
    return absoluteError;
  }

  /** The sum of absolute errors over the sum of absolute labels; NaN if that sum is zero. */
  public double wape() {
    return absoluteActual > 0 ? absoluteError / absoluteActual : Double.NaN;
  }

  /** The mean absolute error; NaN without any label. */
  public double mae() {
    return mean(absoluteError);
  }

  /** The mean squared error; NaN without any label. */
  public double mse() {
    return mean(squaredError);
  }

  /** The root of the mean squared error; NaN without any label. */
  public double rmse() {
    return Math.sqrt(mse());
  }

  /** The symmetric mean absolute percentage error in percent; NaN without any label. */
  public double smape() {
    return 200 * mean(symmetricError);
  }

  /** The mean of forecast less label: above zero if forecasts are too high; NaN without labels. */
  public double bias() {
    return mean(error);
  }

  private double mean(double sum) {
    return count == 0 ? Double.NaN : sum / count;
  }
}
