package io.hdl.train.evaluate;

import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Windows;

/**
 * Forecasts that need no training, to hold a model against. They read the store below a window's
 * origin only, but all of it, also what lies before the window's context. Thread-safe.
 */
public final class Baseline implements WindowPredictor {
  /** Name of {@link #naive} in evaluations. */
  public static final String NAIVE = "naive";

  /** Name of {@link #seasonalNaive} in evaluations. */
  public static final String SEASONAL_NAIVE = "seasonal_naive";

  private final SeriesStore store;
  private final String name;
  private final int season;

  private Baseline(SeriesStore store, String name, int season) {
    this.store = store;
    this.name = name;
    this.season = season;
  }

  /**
   * The last observed value before the origin, for every step of the horizon; zero for a series
   * without any.
   */
  public static Baseline naive(SeriesStore store) {
    return new Baseline(store, NAIVE, 0);
  }

  /**
   * The value of the latest season before the origin at the same position. Where that value is
   * missing, the one of the season before it, and so on; where the series has none at that
   * position, the {@linkplain #naive naive} forecast.
   *
   * @param season steps of a season; with 1 this is the naive forecast
   */
  public static Baseline seasonalNaive(SeriesStore store, int season) {
    if (season < 1) {
      throw new IllegalArgumentException("season: " + season + " (expected: >= 1)");
    }
    return new Baseline(store, SEASONAL_NAIVE, season);
  }

  /** The baseline's name in evaluations. */
  public String name() {
    return name;
  }

  @Override
  public void predict(Windows windows, long from, int count, float[] out) {
    int horizon = windows.horizon();
    for (int i = 0; i < count; i++) {
      int series = windows.series(from + i);
      int origin = windows.origin(from + i);
      float last = last(series, origin);
      for (int step = 0; step < horizon; step++) {
        out[i * horizon + step] =
            season == 0 ? last : sameSeason(series, origin, origin + step, last);
      }
    }
  }

  private float last(int series, int origin) {
    for (int t = origin - 1; t >= 0; t--) {
      float value = store.value(series, t, 0);
      if (!Float.isNaN(value)) {
        return value;
      }
    }
    return 0;
  }

  private float sameSeason(int series, int origin, int step, float otherwise) {
    int back = (step - origin) / season + 1;
    for (int t = step - back * season; t >= 0; t -= season) {
      float value = store.value(series, t, 0);
      if (!Float.isNaN(value)) {
        return value;
      }
    }
    return otherwise;
  }
}
