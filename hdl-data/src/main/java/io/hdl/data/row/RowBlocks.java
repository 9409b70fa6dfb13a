package io.hdl.data.row;

import io.hdl.data.feed.Permutation;
import io.hdl.data.series.Part;
import java.util.Arrays;

/**
 * How a pass cuts a part into blocks, each of which is in memory as a whole: ranges of the table in
 * their order or a seeded one, as many to a block as fit, and the rows of a block in their order or
 * a seeded one. Depends on the table, the specification and the pass alone. Immutable.
 */
final class RowBlocks {
  // Numbers of the ranges that hold rows of the part, in the order of the pass.
  private final int[] ranges;
  // Per block, one past its last range; one past the position of its last row.
  private final int[] rangeEnds;
  private final long[] ends;
  // Per block, the order of its rows.
  private final Permutation[] orders;

  private RowBlocks(int[] ranges, int[] rangeEnds, long[] ends, RowPass pass) {
    this.ranges = ranges;
    this.rangeEnds = rangeEnds;
    this.ends = ends;
    this.orders = new Permutation[ends.length];
    for (int block = 0; block < orders.length; block++) {
      long rows = ends[block] - start(block);
      orders[block] =
          pass.order() == RowPass.Order.TABLE
              ? Permutation.sequential(rows)
              : Permutation.shuffled(rows, seed(pass, block + 1L), pass.epoch());
    }
  }

  static RowBlocks of(RowIndex index, RowPass pass, int blockRows) {
    Part part = pass.part();
    int[] present = new int[index.ranges().size()];
    int used = 0;
    long total = 0;
    for (int range = 0; range < present.length; range++) {
      if (index.count(range, part) > 0) {
        present[used++] = range;
        total += index.count(range, part);
      }
    }
    int[] ranges = Arrays.copyOf(present, used);
    // One block has no need of another order of its ranges, and is the same for every epoch.
    if (pass.order() == RowPass.Order.SHUFFLED && total > blockRows) {
      Permutation order = Permutation.shuffled(used, seed(pass, 0), pass.epoch());
      for (int i = 0; i < used; i++) {
        ranges[i] = present[(int) order.at(i)];
      }
    }
    int[] rangeEnds = new int[used];
    long[] ends = new long[used];
    int blocks = 0;
    long inBlock = 0;
    long at = 0;
    for (int i = 0; i < used; i++) {
      int rows = index.count(ranges[i], part);
      if (inBlock > 0 && inBlock + rows > blockRows) {
        rangeEnds[blocks] = i;
        ends[blocks++] = at;
        inBlock = 0;
      }
      inBlock += rows;
      at += rows;
    }
    if (inBlock > 0) {
      rangeEnds[blocks] = used;
      ends[blocks++] = at;
    }
    return new RowBlocks(
        ranges, Arrays.copyOf(rangeEnds, blocks), Arrays.copyOf(ends, blocks), pass);
  }

  private static long seed(RowPass pass, long use) {
    return Permutation.mix(pass.seed() + use * 0x9E3779B97F4A7C15L);
  }

  /** Number of blocks. */
  int count() {
    return ends.length;
  }

  /** Number of rows. */
  long rows() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /** Position of a block's first row. */
  long start(int block) {
    return block == 0 ? 0 : ends[block - 1];
  }

  /** One past the position of a block's last row. */
  long end(int block) {
    return ends[block];
  }

  /** Most rows of a block. */
  int largest() {
    long largest = 0;
    for (int block = 0; block < ends.length; block++) {
      largest = Math.max(largest, ends[block] - start(block));
    }
    return (int) largest;
  }

  /** The block that a position lies in. */
  int at(long position) {
    int found = Arrays.binarySearch(ends, position + 1);
    return found >= 0 ? found : -found - 1;
  }

  /** The ranges of a block. */
  int[] ranges(int block) {
    return Arrays.copyOfRange(ranges, block == 0 ? 0 : rangeEnds[block - 1], rangeEnds[block]);
  }

  /** In which order the rows of a block come. */
  Permutation order(int block) {
    return orders[block];
  }
}
