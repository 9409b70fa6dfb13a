package io.hdl.data.feature;

import java.util.Arrays;
import java.util.List;

/**
 * Exact quantiles in bounded memory: values are counted by the upper half of their bits in their
 * order, then, where a wanted rank lies, by the lower half. A quantile between two ranks is
 * interpolated (Hyndman and Fan 1996, type 7: the default of numpy and R).
 */
final class RankGatherer implements Gatherer {
  private static final int BINS = 1 << 16;

  /** Makes the step of the number of values and their quantiles; NaN where there is none. */
  @FunctionalInterface
  interface Make {
    FittedStep of(long count, double[] quantiles);
  }

  /**
   * Numbers of values by bin; one row of bins for each upper half that is looked into. Pages of
   * bins are made when a value falls into them: most columns need few, at most 512 KiB a row.
   */
  private static final class Counts implements Part {
    private static final int PAGE_BITS = 8;
    private static final int PAGE = 1 << PAGE_BITS;

    private final int[] slots;
    private final long[][][] rows;

    Counts(int[] slots, int rows) {
      this.slots = slots;
      this.rows = new long[rows][BINS / PAGE][0];
    }

    @Override
    public void add(float[] values, int count) {
      for (int i = 0; i < count; i++) {
        if (!Float.isNaN(values[i])) {
          int ordered = ordered(values[i]);
          int upper = ordered >>> 16;
          if (slots.length == 0) {
            count(0, upper);
          } else if (slots[upper] >= 0) {
            count(slots[upper], ordered & 0xFFFF);
          }
        }
      }
    }

    private void count(int row, int bin) {
      long[][] pages = rows[row];
      long[] page = pages[bin >>> PAGE_BITS];
      if (page.length == 0) {
        page = new long[PAGE];
        pages[bin >>> PAGE_BITS] = page;
      }
      page[bin & (PAGE - 1)]++;
    }

    private void addTo(int row, long[] all) {
      for (int p = 0; p < rows[row].length; p++) {
        long[] page = rows[row][p];
        for (int i = 0; i < page.length; i++) {
          all[p * PAGE + i] += page[i];
        }
      }
    }
  }

  private final Make make;
  private final double[] wanted;
  private long[] upper = new long[0];
  private int[] slots = new int[0];
  private long[][] lower = new long[0][];

  RankGatherer(Make make, double... wanted) {
    this.make = make;
    this.wanted = wanted;
  }

  /** The bits of a float as an unsigned number with the float's order. */
  private static int ordered(float value) {
    int bits = Float.floatToRawIntBits(value);
    return bits < 0 ? ~bits : bits ^ 0x80000000;
  }

  private static float value(int ordered) {
    return Float.intBitsToFloat(ordered < 0 ? ordered ^ 0x80000000 : ~ordered);
  }

  @Override
  public boolean ordered() {
    return false;
  }

  @Override
  public int passes() {
    return 2;
  }

  @Override
  public Part part(int pass) {
    return pass == 0 ? new Counts(new int[0], 1) : new Counts(slots, lower.length);
  }

  @Override
  public void end(int pass, List<Part> parts) {
    if (pass == 0) {
      upper = new long[BINS];
      parts.forEach(part -> ((Counts) part).addTo(0, upper));
      findSlots();
      return;
    }
    for (Part part : parts) {
      for (int row = 0; row < lower.length; row++) {
        ((Counts) part).addTo(row, lower[row]);
      }
    }
  }

  private void findSlots() {
    slots = new int[BINS];
    Arrays.fill(slots, -1);
    int rows = 0;
    for (double quantile : wanted) {
      long below = (long) Math.floor(position(quantile));
      for (long rank : new long[] {below, below + 1}) {
        int bin = bin(upper, rank);
        if (bin >= 0 && slots[bin] < 0) {
          slots[bin] = rows++;
        }
      }
    }
    lower = new long[rows][BINS];
  }

  private long count() {
    return Arrays.stream(upper).sum();
  }

  private double position(double quantile) {
    return quantile * (count() - 1);
  }

  /** The bin that holds a rank, counted from 0; -1 if there are not as many values. */
  private static int bin(long[] counts, long rank) {
    long seen = 0;
    for (int bin = 0; bin < counts.length; bin++) {
      seen += counts[bin];
      if (seen > rank && rank >= 0) {
        return bin;
      }
    }
    return -1;
  }

  private double ranked(long rank) {
    int high = bin(upper, rank);
    long before = 0;
    for (int bin = 0; bin < high; bin++) {
      before += upper[bin];
    }
    return value(high << 16 | bin(lower[slots[high]], rank - before));
  }

  @Override
  public FittedStep fitted() {
    double[] quantiles = new double[wanted.length];
    long count = count();
    for (int i = 0; i < wanted.length; i++) {
      double position = position(wanted[i]);
      long below = (long) Math.floor(position);
      double fraction = position - below;
      if (count == 0) {
        quantiles[i] = Double.NaN;
      } else {
        double least = ranked(below);
        quantiles[i] = fraction == 0 ? least : least + fraction * (ranked(below + 1) - least);
      }
    }
    return make.of(count, quantiles);
  }
}
