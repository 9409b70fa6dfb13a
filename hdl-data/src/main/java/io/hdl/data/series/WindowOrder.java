package io.hdl.data.series;

import io.hdl.data.feed.Permutation;
import org.jspecify.annotations.Nullable;

/**
 * In which order windows are visited: at each position stands the number of a window. Takes no
 * memory for the numbers, and any position can be asked for at once, so that a continued training
 * begins where the earlier one stopped. Depends on size, seed and epoch alone, never on the number
 * of replicas or threads. Immutable and thread-safe.
 *
 * <p>{@link #sequential} and {@link #shuffled} hold each number once. The orders that {@link
 * Windows#order} makes for weighted windows and for a bootstrap hold some numbers more than once
 * and others never; see {@link WindowSampling}.
 */
public final class WindowOrder {
  /** Which window a draw means. Immutable. */
  interface Draws {
    long window(long draw);
  }

  private final long windows;
  private final Permutation positions;
  private final @Nullable Draws draws;

  private WindowOrder(long windows, Permutation positions, @Nullable Draws draws) {
    this.windows = windows;
    this.positions = positions;
    this.draws = draws;
  }

  /** The order 0, 1, 2, ... */
  public static WindowOrder sequential(long size) {
    return new WindowOrder(size, Permutation.sequential(size), null);
  }

  /**
   * A shuffled order: the same for the same size, seed and epoch, and another for another epoch.
   */
  public static WindowOrder shuffled(long size, long seed, long epoch) {
    return new WindowOrder(size, Permutation.shuffled(size, seed, epoch), null);
  }

  /** As many draws as there are windows, shuffled. */
  static WindowOrder drawn(long windows, long seed, long epoch, Draws draws) {
    return new WindowOrder(windows, Permutation.shuffled(windows, seed, epoch), draws);
  }

  /** How many positions it has; all numbers lie below it. */
  public long size() {
    return windows;
  }

  /** The number at a position. */
  public long at(long position) {
    long number = positions.at(position);
    return draws == null ? number : draws.window(number);
  }

  /** The numbers at consecutive positions; several times as fast as one by one. */
  void copyTo(long from, int count, long[] into, Permutation.Workspace workspace) {
    positions.copyTo(from, count, into, workspace);
    if (draws != null) {
      for (int i = 0; i < count; i++) {
        into[i] = draws.window(into[i]);
      }
    }
  }
}
