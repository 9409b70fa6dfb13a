package io.hdl.data.series;

/**
 * Count, mean, mean absolute value and spread of numbers. Values come in blocks; a block's own
 * moments, about the mean of what came before it, are added to those (Chan, Golub, LeVeque,
 * "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979). NaN is passed
 * over. The same blocks give the same bits. Not thread-safe.
 */
final class Moments {
  /** Numbers that a state takes. */
  static final int DOUBLES = 4;

  /** Bytes that a state takes. */
  static final int BYTES = DOUBLES * Double.BYTES;

  private static final double CONSTANT_BELOW = 1e-6;

  private long count;
  private double mean;
  private double squares;
  private double absolute;

  void add(float value) {
    if (!Float.isNaN(value)) {
      add(1, value, 0, Math.abs((double) value));
    }
  }

  /**
   * Adds a block of floats.
   *
   * @param at index of the first
   * @param stride from one to the next
   * @param end index that none of them reaches
   */
  void addBlock(float[] values, int at, int stride, int end) {
    int present = 0;
    double pivot = mean;
    double sum = 0;
    double sumOfSquares = 0;
    double magnitudes = 0;
    for (int i = at; i < end; i += stride) {
      float value = values[i];
      if (!Float.isNaN(value)) {
        if (present++ == 0 && count == 0) {
          pivot = value;
        }
        double delta = value - pivot;
        sum += delta;
        sumOfSquares += delta * delta;
        magnitudes += Math.abs(value);
      }
    }
    if (present > 0) {
      double spread = Math.max(0, sumOfSquares - sum * sum / present);
      add(present, pivot + sum / present, spread, magnitudes);
    }
  }

  void add(Moments other) {
    if (other.count > 0) {
      add(other.count, other.mean, other.squares, other.absolute);
    }
  }

  private void add(long otherCount, double otherMean, double otherSquares, double otherAbsolute) {
    if (count == 0) {
      count = otherCount;
      mean = otherMean;
      squares = otherSquares;
      absolute = otherAbsolute;
      return;
    }
    long total = count + otherCount;
    double delta = otherMean - mean;
    squares += otherSquares + delta * delta * ((double) count * otherCount / total);
    mean += delta * otherCount / total;
    absolute += otherAbsolute;
    count = total;
  }

  /** Puts the state into {@link #DOUBLES} numbers. */
  void write(double[] into, int at) {
    into[at] = count;
    into[at + 1] = mean;
    into[at + 2] = squares;
    into[at + 3] = absolute;
  }

  /** Takes over a state that was written. */
  void read(double[] from, int at) {
    count = (long) from[at];
    mean = from[at + 1];
    squares = from[at + 2];
    absolute = from[at + 3];
  }

  void clear() {
    count = 0;
    mean = 0;
    squares = 0;
    absolute = 0;
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
