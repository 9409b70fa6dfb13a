package io.hdl.data.series;

import java.nio.ByteBuffer;

/**
 * Count, mean, mean absolute value and spread of numbers. Values come in blocks; a block's own
 * moments, in two passes, are added to those of the blocks before it (Chan, Golub, LeVeque,
 * "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979). NaN is passed
 * over. The same blocks give the same bits. Not thread-safe.
 */
final class Moments {
  /** Bytes that {@link #write} writes. */
  static final int BYTES = 4 * Double.BYTES;

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
    double sum = 0;
    double magnitudes = 0;
    for (int i = at; i < end; i += stride) {
      float value = values[i];
      if (!Float.isNaN(value)) {
        present++;
        sum += value;
        magnitudes += Math.abs(value);
      }
    }
    if (present == 0) {
      return;
    }
    double blockMean = sum / present;
    double blockSquares = 0;
    for (int i = at; i < end; i += stride) {
      float value = values[i];
      if (!Float.isNaN(value)) {
        double delta = value - blockMean;
        blockSquares += delta * delta;
      }
    }
    add(present, blockMean, blockSquares, magnitudes);
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

  /** Writes the state of a channel. */
  void write(ByteBuffer into, int at) {
    into.putLong(at, count);
    into.putDouble(at + 8, mean);
    into.putDouble(at + 16, squares);
    into.putDouble(at + 24, absolute);
  }

  /** Takes over a state that was written. */
  void read(ByteBuffer from, int at) {
    count = from.getLong(at);
    mean = from.getDouble(at + 8);
    squares = from.getDouble(at + 16);
    absolute = from.getDouble(at + 24);
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
