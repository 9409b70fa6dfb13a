package io.hdl.data.profile;

/**
 * A uniform sample of the finite values of a column, or all of them if there are few. A share found
 * in the sample is within half a percent of the true one, with a probability of 95 %. Immutable and
 * thread-safe.
 */
public final class NumberSample {
  private final double[] sorted;
  private final long total;

  NumberSample(double[] sorted, long total) {
    this.sorted = sorted;
    this.total = total;
  }

  /** Number of values in the sample. */
  public int size() {
    return sorted.length;
  }

  /** Number of values that the sample stands for. */
  public long total() {
    return total;
  }

  /** Whether it holds every value, so that counts are exact. */
  public boolean isComplete() {
    return sorted.length == total;
  }

  /** The value at an index, in ascending order. */
  public double value(int index) {
    return sorted[index];
  }

  /**
   * The value below which a share of the values lies, interpolated linearly between neighbours.
   *
   * @param share from 0 to 1
   * @return NaN if there are no values
   */
  public double quantile(double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double at = share * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** About how many values lie at or above one bound and below another one. */
  public long between(double from, double below) {
    return scaled(lowerBound(below) - lowerBound(from));
  }

  /** About how many values there are of so many in the sample. */
  public long scaled(long inSample) {
    return isComplete() ? inSample : Math.round((double) inSample * total / sorted.length);
  }

  private int lowerBound(double bound) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
