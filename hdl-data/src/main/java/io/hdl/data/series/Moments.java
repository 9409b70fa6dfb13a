package io.hdl.data.series;

/**
 * Count, mean, mean absolute value and spread of numbers, stable for long columns (Chan, Golub,
 * LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979). NaN
 * is passed over. Not thread-safe.
 */
final class Moments {
  private static final double CONSTANT_BELOW = 1e-6;

  private long count;
  private double mean;
  private double squares;
  private double absolute;

  void add(float value) {
    if (Float.isNaN(value)) {
      return;
    }
    count++;
    double delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
    absolute += Math.abs((double) value);
  }

  void add(Moments other) {
    if (other.count == 0) {
      return;
    }
    long total = count + other.count;
    double delta = other.mean - mean;
    squares += other.squares + delta * delta * ((double) count * other.count / total);
    mean += delta * other.count / total;
    absolute += other.absolute;
    count = total;
  }

  boolean isEmpty() {
    return count == 0;
  }

  float mean() {
    return (float) mean;
  }

  /** Standard deviation, or 1 if the numbers do not differ by more than rounding. */
  float deviationOrOne() {
    double deviation = count == 0 ? 0 : Math.sqrt(squares / count);
    return deviation > CONSTANT_BELOW * Math.abs(mean) && (float) deviation > 0
        ? (float) deviation
        : 1;
  }

  /** Mean absolute value, or 1 if all numbers are 0. */
  float meanAbsoluteOrOne() {
    float value = count == 0 ? 0 : (float) (absolute / count);
    return value > 0 ? value : 1;
  }
}
