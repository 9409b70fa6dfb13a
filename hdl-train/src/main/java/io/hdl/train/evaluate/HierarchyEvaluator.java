package io.hdl.train.evaluate;

import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Windows;
import io.hdl.train.metric.Hierarchy;
import io.hdl.train.metric.Wrmsse;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Scores predictors by WRMSSE over a hierarchy of series: all series together, origin by origin,
 * and the mean over origins. Keeps the forecasts of a part in memory, four bytes a step. Immutable
 * and thread-safe.
 *
 * <pre>{@code
 * Hierarchy hierarchy = Hierarchy.over(List.of("store", "dept"), store.keys())
 *     .total().level("store").level("dept").level("store", "dept");
 * Wrmsse.Score score = HierarchyEvaluator.of(evaluator, hierarchy, SeriesValue.volume(4))
 *     .score(Part.TEST, predictor);
 * }</pre>
 */
public final class HierarchyEvaluator {
  private final Evaluator evaluator;
  private final Hierarchy hierarchy;
  private final SeriesValue value;

  private HierarchyEvaluator(Evaluator evaluator, Hierarchy hierarchy, SeriesValue value) {
    this.evaluator = evaluator;
    this.hierarchy = hierarchy;
    this.value = value;
  }

  /**
   * A scorer of an evaluator's windows.
   *
   * @param hierarchy of all series of the evaluator's store
   * @param value what series count by at an origin
   */
  public static HierarchyEvaluator of(Evaluator evaluator, Hierarchy hierarchy, SeriesValue value) {
    return new HierarchyEvaluator(evaluator, hierarchy, value);
  }

  /**
   * The WRMSSE of a predictor; NaN if the part has no window. At each origin the history is all
   * that lies before it, and a series without a window there counts in the history alone.
   */
  public Wrmsse.Score score(Part part, WindowPredictor predictor) {
    Windows windows = evaluator.windows(part);
    NavigableMap<Long, float[][]> origins = forecasts(windows, predictor);
    Map<String, Double> levels = new LinkedHashMap<>();
    double sum = 0;
    for (Map.Entry<Long, float[][]> origin : origins.entrySet()) {
      Wrmsse.Score one = score(windows.store(), origin.getKey(), origin.getValue());
      sum += one.wrmsse() / origins.size();
      one.byLevel()
          .forEach((name, error) -> levels.merge(name, error / origins.size(), Double::sum));
    }
    return new Wrmsse.Score(origins.isEmpty() ? Double.NaN : sum, levels);
  }

  /** By absolute step of the origin: the forecast of each series, empty where it has no window. */
  private NavigableMap<Long, float[][]> forecasts(Windows windows, WindowPredictor predictor) {
    SeriesStore store = windows.store();
    NavigableMap<Long, float[][]> origins = new TreeMap<>();
    int horizon = windows.horizon();
    evaluator.predict(
        windows,
        predictor,
        (window, forecast, offset) -> {
          int series = windows.series(window);
          long origin = store.firstStep(series) + windows.origin(window);
          float[][] all = origins.computeIfAbsent(origin, key -> nothing(store.seriesCount()));
          all[series] = Arrays.copyOfRange(forecast, offset, offset + horizon);
        });
    return origins;
  }

  private static float[][] nothing(int series) {
    float[][] all = new float[series][];
    Arrays.fill(all, new float[0]);
    return all;
  }

  private Wrmsse.Score score(SeriesStore store, long origin, float[][] forecasts) {
    int count = store.seriesCount();
    double[][] history = new double[count][];
    double[][] actual = new double[count][];
    double[][] forecast = new double[count][];
    double[] values = new double[count];
    for (int series = 0; series < count; series++) {
      int step = (int) Math.max(0, origin - store.firstStep(series));
      history[series] = values(store, series, 0, step);
      int length = forecasts[series].length;
      actual[series] = values(store, series, step, step + length);
      forecast[series] = new double[length];
      for (int t = 0; t < length; t++) {
        forecast[series][t] = forecasts[series][t];
      }
      values[series] = value.of(store, series, step);
    }
    return Wrmsse.of(hierarchy, history, values).score(actual, forecast);
  }

  private static double[] values(SeriesStore store, int series, int from, int to) {
    double[] values = new double[to - from];
    for (int t = 0; t < values.length; t++) {
      values[t] = from + t < store.length(series) ? store.value(series, from + t, 0) : Double.NaN;
    }
    return values;
  }
}
