package io.hdl.data.series;

import io.hdl.data.feed.Permutation;
import java.util.Arrays;

/** Windows of series that are drawn with replacement until there are enough. Immutable. */
final class BootstrapDraws implements WindowOrder.Draws {
  private final WindowIndex index;
  private final int[] drawn;
  private final Runs draws;

  private BootstrapDraws(WindowIndex index, int[] drawn, Runs draws) {
    this.index = index;
    this.drawn = drawn;
    this.draws = draws;
  }

  static BootstrapDraws of(WindowIndex index, long seed, long epoch) {
    int runs = index.runs().count();
    int[] drawn = new int[Math.max(16, runs + runs / 4)];
    long[] ends = new long[drawn.length];
    long key = Permutation.mix(Permutation.mix(seed + 0x6A09E667F3BCC909L) ^ epoch);
    long total = 0;
    int used = 0;
    while (total < index.size()) {
      if (used == drawn.length) {
        drawn = Arrays.copyOf(drawn, used * 2);
        ends = Arrays.copyOf(ends, used * 2);
      }
      // The upper half of the product is uniform below the number of runs.
      long random = Permutation.mix(key + (used + 1) * 0x9E3779B97F4A7C15L);
      int run = (int) Math.multiplyHigh(random >>> 1, 2L * runs);
      total += index.runs().length(run);
      drawn[used] = run;
      ends[used++] = total;
    }
    return new BootstrapDraws(
        index, Arrays.copyOf(drawn, used), new Runs(Arrays.copyOf(ends, used)));
  }

  @Override
  public long window(long draw) {
    int at = draws.of(draw);
    return index.runs().start(drawn[at]) + (draw - draws.start(at));
  }
}
