package io.hdl.data.series;

/**
 * Finds the run that a number lies in, where runs of numbers follow one another: one step into a
 * table of about two entries per run, then a short search. Takes 8 to 16 bytes per run. Immutable.
 */
final class Runs {
  private static final int FEW = 8;

  // Run i holds the numbers below ends[i] and not below ends[i - 1]; no run is empty.
  private final long[] ends;
  private final int shift;
  // The run of the first number of each stretch of 2^shift numbers, and the last run once more.
  private final int[] first;

  /**
   * Takes the array over.
   *
   * @param ends one past the last number of each run, ascending; no run is empty
   */
  Runs(long[] ends) {
    this.ends = ends;
    long size = size();
    int found = 0;
    while ((size - 1) >>> found >= 2L * ends.length + 1) {
      found++;
    }
    shift = found;
    first = new int[size == 0 ? 0 : (int) ((size - 1) >>> shift) + 2];
    int run = 0;
    for (int i = 0; i < first.length; i++) {
      long number = Math.min((long) i << shift, size - 1);
      while (ends[run] <= number) {
        run++;
      }
      first[i] = run;
    }
  }

  /** One past the last number. */
  long size() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /** Number of runs. */
  int count() {
    return ends.length;
  }

  /** First number of a run. */
  long start(int run) {
    return run == 0 ? 0 : ends[run - 1];
  }

  /** Number of numbers in a run. */
  long length(int run) {
    return ends[run] - start(run);
  }

  /** The run of a number from 0 to below {@link #size}. */
  int of(long number) {
    int stretch = (int) (number >>> shift);
    int low = first[stretch];
    int high = first[stretch + 1];
    while (high - low > FEW) {
      int middle = (low + high) >>> 1;
      if (ends[middle] <= number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    // The first step, which is taken as often as not, without a branch.
    low += 1 + (int) ((number - ends[low]) >> (Long.SIZE - 1));
    while (ends[low] <= number) {
      low++;
    }
    return low;
  }
}
