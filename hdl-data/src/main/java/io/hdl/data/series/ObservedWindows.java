package io.hdl.data.series;

import java.util.Arrays;

/**
 * Tells which candidates have enough observed target. Keeps one int per step of the longest series.
 * Belongs to one thread.
 */
final class ObservedWindows {
  private final SeriesStore store;
  private final int context;
  private final int horizon;
  private final int stride;
  private final int minContext;
  private final int minHorizon;
  // How many targets are observed before each step, from the step at which counting began.
  private int[] before = new int[0];
  private boolean[] which = new boolean[0];

  ObservedWindows(SeriesStore store, int context, int horizon, WindowSelection selection) {
    this.store = store;
    this.context = context;
    this.horizon = horizon;
    this.stride = selection.stride();
    this.minContext = selection.context().stepsOf(context);
    this.minHorizon = selection.horizon().stepsOf(horizon);
  }

  /**
   * How many candidates are windows.
   *
   * @param origin origin of the first candidate; the others follow at the stride
   */
  int count(int series, int origin, int candidates) {
    if (minContext == 0 && minHorizon == 0) {
      return candidates;
    }
    int count = 0;
    countObserved(series, origin, candidates);
    for (int i = 0; i < candidates; i++) {
      count += suffices(i * stride) ? 1 : 0;
    }
    return count;
  }

  /** Which candidates are windows; valid until the next call. */
  boolean[] which(int series, int origin, int candidates) {
    countObserved(series, origin, candidates);
    which = which.length < candidates ? new boolean[candidates] : which;
    Arrays.fill(which, false);
    for (int i = 0; i < candidates; i++) {
      which[i] = suffices(i * stride);
    }
    return which;
  }

  private void countObserved(int series, int origin, int candidates) {
    int from = origin - context;
    int steps = context + (candidates - 1) * stride + horizon;
    before = before.length < steps + 1 ? new int[steps + 1] : before;
    for (int i = 0; i < steps; i++) {
      before[i + 1] = before[i] + (store.observed(series, from + i) ? 1 : 0);
    }
  }

  private boolean suffices(int start) {
    int middle = start + context;
    return before[middle] - before[start] >= minContext
        && before[middle + horizon] - before[middle] >= minHorizon;
  }
}
