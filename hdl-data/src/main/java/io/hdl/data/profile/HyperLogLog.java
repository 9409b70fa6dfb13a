package io.hdl.data.profile;

/**
 * About how many different hashes were added, with a standard error of 0.8 %, in 16 KiB. The
 * estimator is that of O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches"
 * (2017), which has no bias at either end. Not thread-safe.
 */
final class HyperLogLog {
  private static final int PRECISION = 14;
  private static final int REGISTERS = 1 << PRECISION;
  private static final int MAX_RANK = 64 - PRECISION;
  private static final double ALPHA_INFINITY = 0.5 / Math.log(2);

  private final byte[] registers = new byte[REGISTERS];

  /** Adds a value by its hash, all of whose 64 bits are random. */
  void add(long hash) {
    int register = (int) (hash >>> MAX_RANK);
    int rank = Math.min(MAX_RANK, Long.numberOfLeadingZeros(hash << PRECISION)) + 1;
    if (registers[register] < rank) {
      registers[register] = (byte) rank;
    }
  }

  /** About how many different values were added. */
  long estimate() {
    int[] ranks = new int[MAX_RANK + 2];
    for (byte rank : registers) {
      ranks[rank]++;
    }
    double sum = REGISTERS * tau(1 - ranks[MAX_RANK + 1] / (double) REGISTERS);
    for (int rank = MAX_RANK; rank >= 1; rank--) {
      sum = 0.5 * (sum + ranks[rank]);
    }
    sum += REGISTERS * sigma(ranks[0] / (double) REGISTERS);
    return Math.round(ALPHA_INFINITY * REGISTERS * REGISTERS / sum);
  }

  private static double sigma(double share) {
    if (share == 1) {
      return Double.POSITIVE_INFINITY;
    }
    double x = share;
    double y = 1;
    double sum = share;
    double before;
    do {
      x *= x;
      before = sum;
      sum += x * y;
      y += y;
    } while (sum != before);
    return sum;
  }

  private static double tau(double share) {
    if (share == 0 || share == 1) {
      return 0;
    }
    double x = share;
    double y = 1;
    double sum = 1 - share;
    double before;
    do {
      x = Math.sqrt(x);
      before = sum;
      y *= 0.5;
      sum -= (1 - x) * (1 - x) * y;
    } while (sum != before);
    return sum / 3;
  }
}
