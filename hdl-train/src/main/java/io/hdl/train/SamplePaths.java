package io.hdl.train;

import io.hdl.data.series.SeriesKey;
import java.util.List;
import java.util.Optional;

/**
 * Possible futures of some series.
 *
 * @param series one entry per series, in the order asked for
 * @param tooShort series that were left out because their history is shorter than the model's
 *     context
 */
public record SamplePaths(List<SeriesPaths> series, List<SeriesKey> tooShort) {
  /** Copies the lists. */
  public SamplePaths {
    series = List.copyOf(series);
    tooShort = List.copyOf(tooShort);
  }

  /** The paths of a series, if they were drawn. */
  public Optional<SeriesPaths> of(SeriesKey key) {
    return series.stream().filter(one -> one.key().equals(key)).findFirst();
  }

  /**
   * Possible futures of one series.
   *
   * @param key the series
   * @param times the forecast steps, as the table's time column writes them
   * @param paths each path's values by step, in the target's own unit
   */
  public record SeriesPaths(SeriesKey key, List<String> times, List<List<Double>> paths) {
    /** Copies the lists. */
    public SeriesPaths {
      times = List.copyOf(times);
      paths = paths.stream().map(List::copyOf).toList();
    }
  }
}
