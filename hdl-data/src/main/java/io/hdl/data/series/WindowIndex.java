package io.hdl.data.series;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which windows there are, numbered by series, then by origin. Takes about 30 bytes per series, and
 * no memory per window where all candidates of a series are windows; else 9/8 bits per candidate of
 * that series. Immutable.
 */
final class WindowIndex {
  private static final int ALL = -1;

  private final int stride;
  // Per run of window numbers: its series, the origin of its first candidate.
  private final int[] series;
  private final int[] firstOrigins;
  private final Runs runs;
  // Per run: candidates, and where their bits lie, or ALL. Null if all candidates are windows.
  private final int @Nullable [] candidates;
  private final int @Nullable [] places;
  private final @Nullable WindowBits bits;
  private final long leftOut;

  private WindowIndex(
      int stride,
      int[] series,
      int[] firstOrigins,
      Runs runs,
      int @Nullable [] candidates,
      int @Nullable [] places,
      @Nullable WindowBits bits,
      long leftOut) {
    this.stride = stride;
    this.series = series;
    this.firstOrigins = firstOrigins;
    this.runs = runs;
    this.candidates = candidates;
    this.places = places;
    this.bits = bits;
    this.leftOut = leftOut;
  }

  /** One window for each of some series. */
  static WindowIndex single(int[] series, int[] origins) {
    long[] ends = new long[series.length];
    Arrays.setAll(ends, i -> i + 1L);
    return new WindowIndex(1, series, origins, new Runs(ends), null, null, null, 0);
  }

  /** The windows of one part. */
  static WindowIndex of(
      SeriesStore store,
      Split split,
      Part part,
      int context,
      int horizon,
      WindowSelection selection) {
    int count = store.seriesCount();
    int stride = selection.stride();
    ObservedWindows observed = new ObservedWindows(store, context, horizon, selection);
    int[] series = new int[count];
    int[] firstOrigins = new int[count];
    int[] candidates = new int[count];
    long[] ends = new long[count];
    long words = 0;
    int used = 0;
    long total = 0;
    long leftOut = 0;
    for (int s = 0; s < count; s++) {
      Split.Bounds bounds = split.bounds(store, s);
      long last = (long) bounds.end(part) - horizon;
      int first = Math.max(context, bounds.start(part));
      first = (int) Math.max(first, last + 1 - selection.recent());
      if (last < first) {
        continue;
      }
      // Counted back from the last window that fits.
      int grid = (int) (last - first) / stride + 1;
      int origin = (int) last - (grid - 1) * stride;
      int windows = observed.count(s, origin, grid);
      leftOut += grid - windows;
      if (windows == 0) {
        continue;
      }
      words += windows < grid ? WindowBits.words(grid) : 0;
      total += windows;
      series[used] = s;
      firstOrigins[used] = origin;
      candidates[used] = grid;
      ends[used++] = total;
    }
    Runs runs = new Runs(Arrays.copyOf(ends, used));
    if (words == 0) {
      return new WindowIndex(
          stride,
          Arrays.copyOf(series, used),
          Arrays.copyOf(firstOrigins, used),
          runs,
          null,
          null,
          null,
          leftOut);
    }
    WindowBits bits = new WindowBits(words);
    int[] places = new int[used];
    for (int run = 0; run < used; run++) {
      int grid = candidates[run];
      places[run] =
          runs.length(run) == grid
              ? ALL
              : bits.add(observed.which(series[run], firstOrigins[run], grid), grid);
    }
    return new WindowIndex(
        stride,
        Arrays.copyOf(series, used),
        Arrays.copyOf(firstOrigins, used),
        runs,
        Arrays.copyOf(candidates, used),
        places,
        bits,
        leftOut);
  }

  /** The windows whose origin is not before a step, each a run of its own. */
  WindowIndex from(int step) {
    int kept = 0;
    for (long window = 0; window < size(); window++) {
      kept += origin(run(window), window) >= step ? 1 : 0;
    }
    int[] keptSeries = new int[kept];
    int[] origins = new int[kept];
    int at = 0;
    for (long window = 0; window < size(); window++) {
      int run = run(window);
      int origin = origin(run, window);
      if (origin >= step) {
        keptSeries[at] = series[run];
        origins[at++] = origin;
      }
    }
    return single(keptSeries, origins);
  }

  /** The least origin of all candidates; the largest number if there are none. */
  int firstOrigin() {
    return Arrays.stream(firstOrigins).min().orElse(Integer.MAX_VALUE);
  }

  /** Number of series that have windows. */
  int seriesWithWindows() {
    return (int) Arrays.stream(series).distinct().count();
  }

  /** Number of windows. */
  long size() {
    return runs.size();
  }

  /** The runs of window numbers, one for each series that has windows. */
  Runs runs() {
    return runs;
  }

  /** Number of candidates that had too little observed target. */
  long leftOut() {
    return leftOut;
  }

  /** Bytes of off-heap memory. */
  long bytes() {
    return bits == null ? 0 : bits.bytes();
  }

  /** The run of a window. */
  int run(long window) {
    if (window < 0 || window >= runs.size()) {
      throw new IndexOutOfBoundsException("window " + window + " of " + runs.size());
    }
    return runs.of(window);
  }

  /** The series of a run. */
  int series(int run) {
    return series[run];
  }

  /** Step of a window's first target. */
  int origin(int run, long window) {
    int number = (int) (window - runs.start(run));
    if (bits != null && candidates != null && places != null && places[run] != ALL) {
      number = bits.select(places[run], candidates[run], number);
    }
    return firstOrigins[run] + number * stride;
  }
}
