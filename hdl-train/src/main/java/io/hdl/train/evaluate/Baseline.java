package io.hdl.train.evaluate;

import io.hdl.core.job.Cancellation;
import io.hdl.data.feed.Chunks;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Windows;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Forecasts from the history of each series alone, to hold a model against. They read the store
 * below a window's origin only, but all of it, also what lies before the window's context, and are
 * fitted anew for each window. A series without any observed value before the origin is forecast as
 * zero. Thread-safe.
 *
 * <p>Those that are fitted work on several threads and keep what they have forecast, up to 64 MiB,
 * so that the same windows are fitted once. Where a history has gaps, the moving average and
 * Croston's methods leave them out; the others put the value of the season before there.
 */
public final class Baseline implements WindowPredictor {
  /** Name of {@link #naive}. */
  public static final String NAIVE = "naive";

  /** Name of {@link #seasonalNaive}. */
  public static final String SEASONAL_NAIVE = "seasonal_naive";

  /** Name of the moving average over a season, or over 10 steps where there is none. */
  public static final String MOVING_AVERAGE = "moving_average";

  /** Name of {@link #naive2}. */
  public static final String NAIVE2 = "naive2";

  /** Name of {@link #theta}. */
  public static final String THETA = "theta";

  /** Name of {@link #ets}. */
  public static final String ETS = "ets";

  /** Name of Croston's method (1972), smoothing with a rate of 0.1. */
  public static final String CROSTON = "croston";

  /** Name of Croston's method less its bias (Syntetos and Boylan, 2005). */
  public static final String CROSTON_SBA = "croston_sba";

  /** Name of the method of Teunter, Syntetos and Babai (2011), with rates of 0.2. */
  public static final String CROSTON_TSB = "croston_tsb";

  private static final String THREADS = "hdl-evaluate";
  private static final List<String> NAMES =
      List.of(
          NAIVE,
          SEASONAL_NAIVE,
          MOVING_AVERAGE,
          NAIVE2,
          THETA,
          ETS,
          CROSTON,
          CROSTON_SBA,
          CROSTON_TSB);
  private static final int DEFAULT_AVERAGE = 10;
  private static final long MAX_KEPT = 16L << 20;

  private final SeriesStore store;
  private final String name;
  private final SeriesMethod method;
  private final Cost cost;
  private final int threads;
  private final Cancellation cancellation;
  private final Map<Origin, float[]> kept = new ConcurrentHashMap<>();
  private final AtomicLong keptValues = new AtomicLong();

  /** Whether a forecast is worth threads and keeping. */
  private enum Cost {
    READ,
    FITTED
  }

  private record Origin(int series, int step, int horizon) {}

  private Baseline(
      SeriesStore store,
      String name,
      SeriesMethod method,
      Cost cost,
      int threads,
      Cancellation cancellation) {
    this.store = store;
    this.name = name;
    this.method = method;
    this.cost = cost;
    this.threads = threads;
    this.cancellation = cancellation;
  }

  private static Baseline of(SeriesStore store, String name, SeriesMethod method, Cost cost) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new Baseline(store, name, method, cost, processors, new Cancellation());
  }

  /** The names that {@link #named} knows. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The baseline of a name.
   *
   * @param season steps of a season, 1 for none
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Baseline named(String name, SeriesStore store, int season) {
    return switch (name) {
      case NAIVE -> naive(store);
      case SEASONAL_NAIVE -> seasonalNaive(store, season);
      case MOVING_AVERAGE -> movingAverage(store, season > 1 ? season : DEFAULT_AVERAGE);
      case NAIVE2 -> naive2(store, season);
      case THETA -> theta(store, season);
      case ETS -> ets(store, season);
      case CROSTON -> of(store, name, Croston.CLASSIC, Cost.FITTED);
      case CROSTON_SBA -> of(store, name, Croston.SBA, Cost.FITTED);
      case CROSTON_TSB -> of(store, name, Croston.TSB, Cost.FITTED);
      default ->
          throw new IllegalArgumentException(
              "baseline: \"" + name + "\" (expected: one of " + NAMES + ")");
    };
  }

  /** The last observed value before the origin, for every step of the horizon. */
  public static Baseline naive(SeriesStore store) {
    return of(store, NAIVE, new SeasonalNaive(0), Cost.READ);
  }

  /**
   * The value of the latest season before the origin at the same position. Where that value is
   * missing, the one of the season before it, and so on; where the series has none at that
   * position, the {@linkplain #naive naive} forecast.
   *
   * @param season steps of a season; with 1 this is the naive forecast
   */
  public static Baseline seasonalNaive(SeriesStore store, int season) {
    requirePositive("season", season);
    return of(store, SEASONAL_NAIVE, new SeasonalNaive(season), Cost.READ);
  }

  /** The mean of the last observed values, for every step of the horizon. */
  public static Baseline movingAverage(SeriesStore store, int steps) {
    requirePositive("steps", steps);
    return of(store, MOVING_AVERAGE, new MovingAverage(steps), Cost.READ);
  }

  /**
   * The M4 competition's Naive2: the last value of the seasonally adjusted history. It is adjusted
   * by the indices of a classical multiplicative decomposition if a test finds a season; with a
   * season of 1 this is the naive forecast.
   *
   * @param season steps of a season, 1 for none
   */
  public static Baseline naive2(SeriesStore store, int season) {
    requirePositive("season", season);
    return of(store, NAIVE2, new Naive2(season), Cost.FITTED);
  }

  /**
   * The Theta method as the M4 competition's benchmark has it, on the history adjusted as for
   * {@link #naive2} (Assimakopoulos and Nikolopoulos, 2000).
   *
   * @param season steps of a season, 1 for none
   */
  public static Baseline theta(SeriesStore store, int season) {
    requirePositive("season", season);
    return of(store, THETA, new Theta(season), Cost.FITTED);
  }

  /**
   * Exponential smoothing in its state space form, its kind chosen by AICc: additive or
   * multiplicative error, no, additive or damped trend, no, additive or multiplicative season
   * (Hyndman, Koehler, Snyder and Grose, 2002). Fits up to 15 models for each window: dear.
   *
   * @param season steps of a season, 1 for none; beyond 24 the history is adjusted as for {@link
   *     #naive2} first
   */
  public static Baseline ets(SeriesStore store, int season) {
    requirePositive("season", season);
    return of(store, ETS, new Ets(season), Cost.FITTED);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
    }
  }

  /** The same baseline with the most threads that fit at once; default one per processor. */
  public Baseline threads(int most) {
    requirePositive("threads", most);
    return new Baseline(store, name, method, cost, most, cancellation);
  }

  /** The same baseline, stopped between two fits when a job is cancelled. */
  public Baseline cancelledBy(Cancellation request) {
    return new Baseline(store, name, method, cost, threads, request);
  }

  /** The baseline's name in evaluations. */
  public String name() {
    return name;
  }

  /**
   * {@inheritDoc}
   *
   * @throws io.hdl.core.error.JobCancelledException if the job was cancelled meanwhile
   */
  @Override
  public void predict(Windows windows, long from, int count, float[] out) {
    int horizon = windows.horizon();
    Chunks.of(count, 1)
        .run(
            THREADS,
            cost == Cost.FITTED ? threads : 1,
            thread ->
                (i, first, end) -> {
                  cancellation.throwIfRequested();
                  Origin origin =
                      new Origin(windows.series(from + i), windows.origin(from + i), horizon);
                  float[] known = cost == Cost.FITTED ? kept.get(origin) : null;
                  float[] forecast = known == null ? forecast(origin) : known;
                  System.arraycopy(forecast, 0, out, i * horizon, horizon);
                });
  }

  private float[] forecast(Origin origin) {
    History history = History.before(store, origin.series(), origin.step());
    double[] values = method.forecast(history, origin.horizon());
    float[] forecast = new float[origin.horizon()];
    for (int step = 0; step < forecast.length; step++) {
      forecast[step] = (float) values[step];
    }
    if (cost == Cost.FITTED && keptValues.addAndGet(forecast.length) <= MAX_KEPT) {
      kept.put(origin, forecast);
    }
    return forecast;
  }
}
