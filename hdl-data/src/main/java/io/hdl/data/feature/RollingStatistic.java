package io.hdl.data.feature;

/**
 * A figure of the values in a window of past steps. Missing values are passed over; of a window
 * without any value every figure is missing. Each window is computed from its values alone, in
 * double precision: what lies before it does not change a bit.
 */
public enum RollingStatistic {
  /** Arithmetic mean. */
  MEAN {
    @Override
    double of(float[] values, int from, int end) {
      int count = count(values, from, end);
      return count == 0 ? Double.NaN : sum(values, from, end) / count;
    }
  },
  /** Standard deviation of the values themselves (divided by their number), in two passes. */
  STD {
    @Override
    double of(float[] values, int from, int end) {
      int count = count(values, from, end);
      if (count == 0) {
        return Double.NaN;
      }
      double mean = sum(values, from, end) / count;
      double squares = 0;
      double rest = 0;
      for (int i = from; i < end; i++) {
        if (!Float.isNaN(values[i])) {
          double deviation = values[i] - mean;
          squares += deviation * deviation;
          rest += deviation;
        }
      }
      return Math.sqrt(Math.max(0, squares - rest * rest / count) / count);
    }
  },
  /** Least value. */
  MIN {
    @Override
    double of(float[] values, int from, int end) {
      float least = Float.NaN;
      for (int i = from; i < end; i++) {
        if (!(least <= values[i]) && !Float.isNaN(values[i])) {
          least = values[i];
        }
      }
      return least;
    }
  },
  /** Greatest value. */
  MAX {
    @Override
    double of(float[] values, int from, int end) {
      float greatest = Float.NaN;
      for (int i = from; i < end; i++) {
        if (!(greatest >= values[i]) && !Float.isNaN(values[i])) {
          greatest = values[i];
        }
      }
      return greatest;
    }
  },
  /** Sum. */
  SUM {
    @Override
    double of(float[] values, int from, int end) {
      return count(values, from, end) == 0 ? Double.NaN : sum(values, from, end);
    }
  };

  /** The figure of the values from one index to before another. */
  abstract double of(float[] values, int from, int end);

  private static int count(float[] values, int from, int end) {
    int count = 0;
    for (int i = from; i < end; i++) {
      if (!Float.isNaN(values[i])) {
        count++;
      }
    }
    return count;
  }

  private static double sum(float[] values, int from, int end) {
    double sum = 0;
    for (int i = from; i < end; i++) {
      if (!Float.isNaN(values[i])) {
        sum += values[i];
      }
    }
    return sum;
  }
}
