package io.hdl.train.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How the forecasts of several members become one, step by step. */
public enum Combination {
  /** Their mean. */
  MEAN {
    @Override
    float of(float[] values, int count) {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += values[i];
      }
      return (float) (sum / count);
    }
  },
  /** Their median: of an even number the mean of the two in the middle. */
  MEDIAN {
    @Override
    float of(float[] values, int count) {
      Arrays.sort(values, 0, count);
      int middle = count / 2;
      return count % 2 == 1
          ? values[middle]
          : (float) (((double) values[middle - 1] + values[middle]) / 2);
    }
  };

  /**
   * One value for the first {@code count} of some, at least one; may change their order. One that
   * is NaN makes the result NaN, so that a broken member is seen.
   */
  abstract float of(float[] values, int count);

  /**
   * Combines rows of equal length step by step.
   *
   * @param rows at least one
   * @return one value per step; NaN where a row has NaN
   * @throws IllegalArgumentException if there is no row, or they differ in length
   */
  public List<Double> of(List<List<Double>> rows) {
    int steps = rows.isEmpty() ? 0 : rows.get(0).size();
    if (rows.isEmpty() || rows.stream().anyMatch(row -> row.size() != steps)) {
      throw new IllegalArgumentException(
          "rows of "
              + rows.stream().map(List::size).toList()
              + " steps (expected: at least one row, all of one length)");
    }
    float[] values = new float[rows.size()];
    List<Double> combined = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      for (int row = 0; row < values.length; row++) {
        values[row] = rows.get(row).get(step).floatValue();
      }
      combined.add((double) combined(values, values.length));
    }
    return combined;
  }

  /** The combined value, of numbers that are checked first. */
  final float combined(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      if (Float.isNaN(values[i])) {
        return Float.NaN;
      }
    }
    return of(values, count);
  }
}
