package io.hdl.train.report;

import com.google.common.primitives.Doubles;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Windows;
import io.hdl.train.evaluate.PartErrors;
import io.hdl.train.evaluate.WindowPredictor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses the series that a report plots and forecasts them. The choice depends on the errors
 * alone: the series with the lowest, the median and the highest WAPE, and series at even quantiles
 * of volume, the largest first; ties go to the series that comes first.
 */
public final class Examples {
  private Examples() {}

  /**
   * The forecasts to plot, each the last window of its series.
   *
   * @param store the data
   * @param windows the windows of the part that {@code errors} belongs to
   * @param errors the model's errors on that part
   * @param predictor the model
   * @param history most steps to show before the forecast
   * @param count most series to show
   */
  public static List<ForecastExample> choose(
      SeriesStore store,
      Windows windows,
      PartErrors errors,
      WindowPredictor predictor,
      int history,
      int count) {
    Map<Integer, String> chosen = chooseSeries(errors, count);
    Map<Integer, Long> last = new LinkedHashMap<>();
    for (long window = 0; window < windows.size(); window++) {
      int series = windows.series(window);
      if (chosen.containsKey(series)) {
        last.merge(series, window, (a, b) -> windows.origin(a) >= windows.origin(b) ? a : b);
      }
    }
    List<ForecastExample> examples = new ArrayList<>();
    chosen.forEach(
        (series, reason) -> {
          Long window = last.get(series);
          if (window != null) {
            examples.add(example(store, windows, window, predictor, history, reason));
          }
        });
    return examples;
  }

  /** Number and reason of the series to show, in the order in which to show them. */
  static Map<Integer, String> chooseSeries(PartErrors errors, int count) {
    List<Integer> judged = new ArrayList<>();
    for (int series = 0; series < errors.seriesCount(); series++) {
      if (errors.ofSeries(series).volume() > 0) {
        judged.add(series);
      }
    }
    judged.sort(Comparator.comparingDouble(series -> errors.ofSeries(series).wape()));
    Map<Integer, String> byError = new LinkedHashMap<>();
    if (!judged.isEmpty() && count >= 3) {
      byError.putIfAbsent(judged.get(0), "lowest error");
      byError.putIfAbsent(judged.get((judged.size() - 1) / 2), "median error");
      byError.putIfAbsent(judged.get(judged.size() - 1), "highest error");
    }
    judged.removeAll(byError.keySet());
    judged.sort(
        Comparator.<Integer>comparingDouble(series -> -errors.ofSeries(series).volume())
            .thenComparing(Comparator.naturalOrder()));
    Map<Integer, String> chosen = new LinkedHashMap<>();
    int ranks = Math.min(judged.size(), count - byError.size());
    for (int rank = 0; rank < ranks; rank++) {
      int at = ranks == 1 ? 0 : (int) ((long) rank * (judged.size() - 1) / (ranks - 1));
      chosen.put(judged.get(at), byVolume(rank, ranks));
    }
    chosen.putAll(byError);
    return chosen;
  }

  private static String byVolume(int rank, int ranks) {
    if (rank == 0) {
      return "largest volume";
    }
    return rank == ranks - 1
        ? "smallest volume"
        : "volume, top " + Math.round(100f * rank / (ranks - 1)) + " %";
  }

  private static ForecastExample example(
      SeriesStore store,
      Windows windows,
      long window,
      WindowPredictor predictor,
      int history,
      String reason) {
    int series = windows.series(window);
    int origin = windows.origin(window);
    int horizon = windows.horizon();
    int from = Math.max(0, origin - history);
    List<String> labels = new ArrayList<>();
    double[] actual = new double[origin + horizon - from];
    for (int t = 0; t < actual.length; t++) {
      labels.add(store.axis().label(store.firstStep(series) + from + t));
      actual[t] = store.value(series, from + t, 0);
    }
    float[] out = new float[horizon];
    predictor.predict(windows, window, 1, out);
    double[] forecast = new double[horizon];
    for (int step = 0; step < horizon; step++) {
      forecast[step] = out[step];
    }
    return new ForecastExample(
        store.keys().get(series).toString(),
        reason,
        labels,
        Doubles.asList(actual),
        Doubles.asList(forecast),
        band(windows, window, predictor));
  }

  private static Optional<ForecastExample.Band> band(
      Windows windows, long window, WindowPredictor predictor) {
    List<Double> quantiles = predictor.quantiles();
    if (quantiles.size() < 2) {
      return Optional.empty();
    }
    int horizon = windows.horizon();
    int top = quantiles.size() - 1;
    float[] out = new float[quantiles.size() * horizon];
    predictor.predictQuantiles(windows, window, 1, out);
    double[] lower = new double[horizon];
    double[] upper = new double[horizon];
    for (int step = 0; step < horizon; step++) {
      lower[step] = out[step];
      upper[step] = out[top * horizon + step];
    }
    return Optional.of(
        new ForecastExample.Band(
            quantiles.get(0), quantiles.get(top), Doubles.asList(lower), Doubles.asList(upper)));
  }
}
