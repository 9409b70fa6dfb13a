package io.hdl.data.series;

import io.hdl.data.feed.Permutation;
import java.util.Arrays;

/**
 * Systematic sampling of windows: draw i stands at {@code (i + start) / size} of the way along all
 * weights, and means the window that lies there. Immutable.
 */
final class WeightedDraws implements WindowOrder.Draws {
  private final WindowIndex index;
  // Sum of the weights up to and with each run.
  private final double[] sums;
  private final double start;

  private WeightedDraws(WindowIndex index, double[] sums, double start) {
    this.index = index;
    this.sums = sums;
    this.start = start;
  }

  /** The running sums of weights, to be made once for all epochs. */
  static double[] sums(double[] weights) {
    double[] sums = weights.clone();
    for (int i = 1; i < sums.length; i++) {
      sums[i] += sums[i - 1];
    }
    return sums;
  }

  static WeightedDraws of(WindowIndex index, double[] sums, long seed, long epoch) {
    long mixed = Permutation.mix(Permutation.mix(seed + 0x2545F4914F6CDD1DL) ^ epoch);
    // Coarse, so that rounding never carries a draw into the place of the next.
    return new WeightedDraws(index, sums, ((mixed >>> 44) + 0.5) * 0x1p-20);
  }

  @Override
  public long window(long draw) {
    double total = sums[sums.length - 1];
    // Below the total, so that rounding never leads past the last series or to one of weight 0.
    double at = Math.min((draw + start) / index.size() * total, Math.nextDown(total));
    int found = Arrays.binarySearch(sums, at);
    int run = found >= 0 ? found + 1 : -found - 1;
    while (run > 0 && run < sums.length && sums[run] == sums[run - 1]) {
      run++;
    }
    double before = run == 0 ? 0 : sums[run - 1];
    long length = index.runs().length(run);
    long inside = (long) ((at - before) / (sums[run] - before) * length);
    return index.runs().start(run) + Math.min(inside, length - 1);
  }
}
