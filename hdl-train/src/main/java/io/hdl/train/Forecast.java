package io.hdl.train;

import io.hdl.data.series.SeriesKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The future of some series.
 *
 * @param series one entry per series, in the order asked for
 * @param tooShort series that were left out because their history is shorter than the model's
 *     context
 */
public record Forecast(List<SeriesForecast> series, List<SeriesKey> tooShort) {
  /** Copies the lists. */
  public Forecast {
    series = List.copyOf(series);
    tooShort = List.copyOf(tooShort);
  }

  /** The forecast of a series, if it was made. */
  public Optional<SeriesForecast> of(SeriesKey key) {
    return series.stream().filter(one -> one.key().equals(key)).findFirst();
  }

  /**
   * The future of one series.
   *
   * @param key the series
   * @param times the forecast steps, as the table's time column writes them
   * @param values the point forecast of each step, in the target's own unit
   * @param quantiles the forecast of each step by quantile, if the model was trained for quantiles
   */
  public record SeriesForecast(
      SeriesKey key, List<String> times, List<Double> values, Map<Double, List<Double>> quantiles) {
    /** Copies the lists and keeps the order of the quantiles. */
    public SeriesForecast {
      times = List.copyOf(times);
      values = List.copyOf(values);
      quantiles = Collections.unmodifiableMap(new LinkedHashMap<>(quantiles));
    }
  }
}
