package io.hdl.data.series;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The windows of one part of a split: {@code context} steps that a model sees and the {@code
 * horizon} steps after them that it forecasts. All targets of a window lie in the part; its context
 * may reach back into an earlier part and lies inside the series. Windows are numbered by series,
 * then by origin.
 *
 * <p>Takes about 30 bytes per series and none per window; where a {@link WindowSelection} asks for
 * observed target, 9/8 bits per candidate of those series of which some windows are left out.
 * Immutable and thread-safe; the store must stay open.
 */
public final class Windows {
  /** From this many bytes on a JVM copies with wider instructions where the processor has them. */
  private static final int WIDE_COPY_BYTES = 4096;

  /** How many windows ahead memory is asked for. */
  private static final int AHEAD = 2;

  private final SeriesStore store;
  private final int context;
  private final int horizon;
  private final boolean future;
  private final WindowIndex index;
  private final int without;
  private final WindowSampling sampling;
  // Running sums of the weights of series; empty unless windows are weighted.
  private final double[] weightSums;

  private Windows(
      SeriesStore store,
      int context,
      int horizon,
      boolean future,
      WindowIndex index,
      int without,
      WindowSampling sampling,
      double[] weightSums) {
    this.store = store;
    this.context = context;
    this.horizon = horizon;
    this.future = future;
    this.index = index;
    this.without = without;
    this.sampling = sampling;
    this.weightSums = weightSums;
  }

  /**
   * All windows of one part.
   *
   * @param context steps that a model sees, at least 1
   * @param horizon steps that it forecasts, at least 1
   */
  public static Windows of(SeriesStore store, Split split, Part part, int context, int horizon) {
    return of(store, split, part, context, horizon, WindowSelection.all());
  }

  /**
   * The windows of one part that a selection takes.
   *
   * @param context steps that a model sees, at least 1
   * @param horizon steps that it forecasts, at least 1
   * @throws IllegalArgumentException if the selection asks for more observed steps than there are
   * @throws io.hdl.core.error.HdlException with {@code INVALID_SETTINGS} if a weight of a series is
   *     missing, negative or not finite, or all are 0
   */
  public static Windows of(
      SeriesStore store,
      Split split,
      Part part,
      int context,
      int horizon,
      WindowSelection selection) {
    checkSteps(context, horizon);
    WindowIndex index = WindowIndex.of(store, split, part, context, horizon, selection);
    double[] sums =
        selection.sampling() instanceof WindowSampling.Weighted weighted
            ? WeightedDraws.sums(weighted.weights().weigh(store, split, index))
            : new double[0];
    int without = store.seriesCount() - index.runs().count();
    return new Windows(store, context, horizon, false, index, without, selection.sampling(), sums);
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
    return new Windows(
        store,
        context,
        horizon,
        true,
        WindowIndex.single(kept, origins),
        wanted.length - kept.length,
        WindowSampling.once(),
        new double[0]);
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
    for (int s = 0; s < store.seriesCount(); s++) {
      if (other.targetEnd(s) != store.targetEnd(s) || other.firstStep(s) != store.firstStep(s)) {
        throw new IllegalArgumentException(
            "store: series "
                + other.keys().get(s)
                + " has another history (expected: that of the windows)");
      }
    }
    return new Windows(other, context, horizon, future, index, without, sampling, weightSums);
  }

  /**
   * The same windows, in the same order, of another context; without those whose series begins
   * within it. So models that see different contexts are asked for the same forecasts.
   *
   * @param steps steps that a model sees, at least 1
   */
  public Windows context(int steps) {
    checkSteps(steps, horizon);
    if (steps <= context || index.firstOrigin() >= steps) {
      return new Windows(store, steps, horizon, future, index, without, sampling, weightSums);
    }
    WindowIndex kept = index.from(steps);
    int left = store.seriesCount() - kept.seriesWithWindows();
    return new Windows(
        store, steps, horizon, future, kept, left, WindowSampling.once(), new double[0]);
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
    return index.size();
  }

  /** The store that they are windows of. */
  public SeriesStore store() {
    return store;
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
    return index.series(index.run(window));
  }

  /** Step of a window's first target, counted from its series' first row. */
  public int origin(long window) {
    return index.origin(index.run(window), window);
  }

  /** Number of series without any window here. */
  public int tooShort() {
    return without;
  }

  /** Number of windows that were left out because too little of their target is observed. */
  public long tooSparse() {
    return index.leftOut();
  }

  /** Bytes of off-heap memory that note which windows were left out. */
  long indexBytes() {
    return index.bytes();
  }

  /** All windows in the order of their numbers, for evaluation. */
  public WindowOrder inOrder() {
    return WindowOrder.sequential(size());
  }

  /**
   * The visits of one training epoch in a shuffled order, the same for the same seed and epoch:
   * each window once, or as the selection's {@link WindowSampling} says. Has as many positions as
   * there are windows.
   */
  public WindowOrder order(long seed, long epoch) {
    if (size() == 0) {
      return inOrder();
    }
    if (sampling instanceof WindowSampling.Weighted) {
      WindowOrder.Draws draws = WeightedDraws.of(index, weightSums, seed, epoch);
      return WindowOrder.drawn(size(), seed, epoch, draws);
    }
    if (sampling instanceof WindowSampling.SeriesBootstrap) {
      return WindowOrder.drawn(size(), seed, epoch, BootstrapDraws.of(index, seed, epoch));
    }
    return WindowOrder.shuffled(size(), seed, epoch);
  }

  /**
   * Copies windows into a batch, which then holds {@code count} windows. May be called by several
   * threads at the same time with a batch of their own each.
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
    if (from < 0 || count < 0 || from > size() - count) {
      throw new IndexOutOfBoundsException(
          "windows " + from + " to " + (from + count) + " of " + size());
    }
    into.begin(store, context, horizon, count, scaler);
    long[] places = into.numbers();
    order.copyTo(from, count, places, into.workspace());
    Segments memory = null;
    for (int i = 0; i < count; i++) {
      int run = index.run(places[i]);
      int s = index.series(run);
      int origin = index.origin(run, places[i]);
      into.describe(i, s, origin, store, scaler);
      memory = store.memory(s);
      places[i] = store.place(s, origin - context);
    }
    if (memory != null) {
      copy(places, count, memory, into);
    }
  }

  /** Copies windows from their places; a loop of its own, so that little stands between copies. */
  private void copy(long[] places, int count, Segments memory, WindowBatch into) {
    ByteBuffer values = into.valueMemory();
    int stepBytes = store.channels().size() * Float.BYTES;
    int windowBytes = (context + horizon) * stepBytes;
    boolean hides = future || into.firstPastChannel() < store.channels().size();
    // A window a little short of a wide copy brings some bytes of its neighbour along, which the
    // next window is then written over.
    boolean widens = windowBytes < WIDE_COPY_BYTES && windowBytes > WIDE_COPY_BYTES / 16 * 15;
    float touched = 0;
    for (int i = 0; i < count; i++) {
      if (i + AHEAD < count) {
        // Reads both ends of a window to come, so that the processor fetches them while others
        // are copied: a tenth of the time of a gather.
        ByteBuffer next = memory.buffer(places[i + AHEAD]);
        int at = Segments.position(places[i + AHEAD]);
        touched +=
            next.getFloat(at) + next.getFloat(at + presentBytes(into, i + AHEAD, stepBytes) - 4);
      }
      ByteBuffer segment = memory.buffer(places[i]);
      int from = Segments.position(places[i]);
      int bytes = presentBytes(into, i, stepBytes);
      if (widens && i + 1 < count && from <= segment.limit() - WIDE_COPY_BYTES) {
        bytes = WIDE_COPY_BYTES;
      }
      values.put(i * windowBytes, segment, from, bytes);
      if (hides) {
        hide(into, i);
      }
    }
    into.keep(touched);
  }

  /** Bytes of a window that the store has; of a future one perhaps not all. */
  private int presentBytes(WindowBatch into, int i, int stepBytes) {
    return (context + (future ? present(into.series(i), into.origin(i)) : horizon)) * stepBytes;
  }

  /** Steps of a horizon that the store has rows for. */
  private int present(int series, int origin) {
    return Math.min(horizon, store.length(series) - origin);
  }

  /** Puts NaN where the horizon must not be seen or has no rows. */
  private void hide(WindowBatch into, int i) {
    int channels = store.channels().size();
    ByteBuffer values = into.valueMemory();
    int stepBytes = channels * Float.BYTES;
    int horizonStart = (i * (context + horizon) + context) * stepBytes;
    int present = present(into.series(i), into.origin(i));
    int firstPast = into.firstPastChannel();
    if (present < horizon) {
      Segments.fill(
          values, horizonStart + present * stepBytes, (horizon - present) * stepBytes, Float.NaN);
    }
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
}
