package io.hdl.data.series;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The windows of one part of a split: {@code context} steps that a model sees and the {@code
 * horizon} steps after them that it forecasts. All targets of a window lie in the part; its context
 * may reach back into an earlier part and lies inside the series. Windows are numbered by series,
 * then by origin. Immutable and thread-safe; the store must stay open.
 */
public final class Windows {
  private final SeriesStore store;
  private final int context;
  private final int horizon;
  private final boolean future;
  // Window numbers below ends[i] and not below ends[i - 1] belong to series[i].
  private final int[] series;
  private final int[] firstOrigins;
  private final long[] ends;
  private final int tooShort;

  private Windows(
      SeriesStore store,
      int context,
      int horizon,
      boolean future,
      int[] series,
      int[] firstOrigins,
      long[] ends,
      int tooShort) {
    this.store = store;
    this.context = context;
    this.horizon = horizon;
    this.future = future;
    this.series = series;
    this.firstOrigins = firstOrigins;
    this.ends = ends;
    this.tooShort = tooShort;
  }

  /**
   * All windows of one part.
   *
   * @param context steps that a model sees, at least 1
   * @param horizon steps that it forecasts, at least 1
   */
  public static Windows of(SeriesStore store, Split split, Part part, int context, int horizon) {
    checkSteps(context, horizon);
    int count = store.seriesCount();
    int[] series = new int[count];
    int[] firstOrigins = new int[count];
    long[] ends = new long[count];
    int used = 0;
    long total = 0;
    for (int s = 0; s < count; s++) {
      Split.Bounds bounds = split.bounds(store, s);
      int first = Math.max(context, bounds.start(part));
      long windows = (long) bounds.end(part) - horizon - first + 1;
      if (windows > 0) {
        total += windows;
        series[used] = s;
        firstOrigins[used] = first;
        ends[used++] = total;
      }
    }
    return new Windows(
        store,
        context,
        horizon,
        false,
        Arrays.copyOf(series, used),
        Arrays.copyOf(firstOrigins, used),
        Arrays.copyOf(ends, used),
        count - used);
  }

  /**
   * One window per series whose horizon begins where the series' history ends; its rows carry what
   * is known ahead and NaN where nothing is. A series with a history shorter than the context has
   * no window.
   *
   * @param series the series, in the order of the windows; none given stands for all
   */
  public static Windows future(SeriesStore store, int context, int horizon, int... series) {
    checkSteps(context, horizon);
    int[] wanted = series;
    if (series.length == 0) {
      wanted = new int[store.seriesCount()];
      Arrays.setAll(wanted, s -> s);
    }
    int[] kept = Arrays.stream(wanted).filter(s -> store.targetEnd(s) >= context).toArray();
    int[] origins = Arrays.stream(kept).map(store::targetEnd).toArray();
    long[] ends = new long[kept.length];
    Arrays.setAll(ends, i -> i + 1L);
    return new Windows(
        store, context, horizon, true, kept, origins, ends, wanted.length - kept.length);
  }

  /**
   * The same windows of another store with the same series and histories, such as one with
   * features.
   *
   * @throws IllegalArgumentException if its series or their histories are others
   */
  public Windows over(SeriesStore other) {
    if (other == store) {
      return this;
    }
    if (!other.keys().equals(store.keys())) {
      throw new IllegalArgumentException("store: other series (expected: those of the windows)");
    }
    for (int s : series) {
      if (other.targetEnd(s) != store.targetEnd(s) || other.firstStep(s) != store.firstStep(s)) {
        throw new IllegalArgumentException(
            "store: series "
                + other.keys().get(s)
                + " has another history (expected: that of the windows)");
      }
    }
    return new Windows(other, context, horizon, future, series, firstOrigins, ends, tooShort);
  }

  private static void checkSteps(int context, int horizon) {
    if (context < 1) {
      throw new IllegalArgumentException("context: " + context + " (expected: >= 1)");
    }
    if (horizon < 1) {
      throw new IllegalArgumentException("horizon: " + horizon + " (expected: >= 1)");
    }
  }

  /** Number of windows. */
  public long size() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /** Steps that a model sees. */
  public int context() {
    return context;
  }

  /** Steps that it forecasts. */
  public int horizon() {
    return horizon;
  }

  /** The series of a window. */
  public int series(long window) {
    return series[slot(window)];
  }

  /** Step of a window's first target, counted from its series' first row. */
  public int origin(long window) {
    return originIn(slot(window), window);
  }

  /** Number of series without any window here. */
  public int tooShort() {
    return tooShort;
  }

  /** All windows in a shuffled order, the same for the same seed and epoch. */
  public WindowOrder order(long seed, long epoch) {
    return WindowOrder.shuffled(size(), seed, epoch);
  }

  /**
   * Copies windows into a batch, which then holds {@code count} windows.
   *
   * @param order an order of this many windows
   * @param from first position in the order
   * @param count number of positions; at most the batch's capacity
   * @param scaler whose location and scale are put beside the raw values
   * @param into a batch made for this store, context and horizon
   */
  public void gather(WindowOrder order, long from, int count, Scaler scaler, WindowBatch into) {
    if (order.size() != size()) {
      throw new IllegalArgumentException(
          "order of " + order.size() + " windows (expected: " + size() + ")");
    }
    if (from < 0 || count < 0 || from + count > size()) {
      throw new IndexOutOfBoundsException(
          "windows " + from + " to " + (from + count) + " of " + size());
    }
    into.begin(store, context, horizon, count);
    for (int i = 0; i < count; i++) {
      long window = order.at(from + i);
      int slot = slot(window);
      int s = series[slot];
      int origin = originIn(slot, window);
      into.describe(i, s, origin, store, scaler);
      copy(s, origin, into, i);
    }
  }

  private void copy(int s, int origin, WindowBatch into, int i) {
    int channels = store.channels().size();
    ByteBuffer values = into.valueMemory();
    int stepBytes = channels * Float.BYTES;
    int start = i * (context + horizon) * stepBytes;
    int present = Math.min(horizon, store.length(s) - origin);
    store.copy(s, origin - context, context + present, values, start);
    int horizonStart = start + context * stepBytes;
    if (present < horizon) {
      Segments.fill(
          values, horizonStart + present * stepBytes, (horizon - present) * stepBytes, Float.NaN);
    }
    int firstPast = into.firstPastChannel();
    for (int step = 0; step < present; step++) {
      int row = horizonStart + step * stepBytes;
      if (future) {
        values.putFloat(row, Float.NaN);
      }
      for (int c = firstPast; c < channels; c++) {
        values.putFloat(row + c * Float.BYTES, Float.NaN);
      }
    }
  }

  private int originIn(int slot, long window) {
    long start = slot == 0 ? 0 : ends[slot - 1];
    return firstOrigins[slot] + (int) (window - start);
  }

  private int slot(long window) {
    if (window < 0 || window >= size()) {
      throw new IndexOutOfBoundsException("window " + window + " of " + size());
    }
    int found = Arrays.binarySearch(ends, window + 1);
    return found >= 0 ? found : -found - 1;
  }
}
