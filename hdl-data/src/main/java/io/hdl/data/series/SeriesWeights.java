package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * How often each series is visited in an epoch, relative to the others. A series of weight 0 is
 * never visited. Immutable and thread-safe if a function given is.
 */
public final class SeriesWeights {
  /** Weighs one series. */
  private interface Weight {
    double of(SeriesStore store, Split split, int series, long windows);
  }

  private final String name;
  private final Weight weight;

  private SeriesWeights(String name, Weight weight) {
    this.name = name;
    this.weight = weight;
  }

  /** All series equally often, however many windows they have. */
  public static SeriesWeights equal() {
    return new SeriesWeights("equal", (store, split, series, windows) -> 1);
  }

  /** By the number of windows: each window once. */
  public static SeriesWeights byWindows() {
    return new SeriesWeights("by windows", (store, split, series, windows) -> windows);
  }

  /** By the mean of the absolute observed target in the training part: what sells much. */
  public static SeriesWeights byMean() {
    return new SeriesWeights(
        "by mean", (store, split, series, windows) -> magnitude(store, split, series).meanOrZero());
  }

  /** By the sum of the absolute observed target in the training part. */
  public static SeriesWeights byTotal() {
    return new SeriesWeights(
        "by total", (store, split, series, windows) -> magnitude(store, split, series).sum());
  }

  /**
   * By a function of the series' key.
   *
   * @param name names the weights in a run's settings; choose another name for other weights
   * @param weights finite, not negative
   */
  public static SeriesWeights of(String name, ToDoubleFunction<SeriesKey> weights) {
    return new SeriesWeights(
        name, (store, split, series, windows) -> weights.applyAsDouble(store.keys().get(series)));
  }

  /**
   * By a table of weights.
   *
   * @param name names the weights in a run's settings; choose another name for other weights
   * @param weights by series, finite, not negative; must have every series that has windows
   */
  public static SeriesWeights of(String name, Map<SeriesKey, Double> weights) {
    Map<SeriesKey, Double> kept = Map.copyOf(weights);
    return of(
        name,
        key -> {
          Double weight = kept.get(key);
          if (weight == null) {
            throw new HdlException(
                ErrorCode.INVALID_SETTINGS,
                "weights \""
                    + name
                    + "\": no weight of series "
                    + key
                    + " (expected: one for each)");
          }
          return weight;
        });
  }

  /**
   * The weight of each series of a store, by number. {@link #byWindows} counts the steps of the
   * training part here.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} if a weight is missing, negative
   *     or not finite, or all are 0
   */
  public double[] ofSeries(SeriesStore store, Split split) {
    return checked(
        store,
        store.seriesCount(),
        series -> series,
        series -> split.bounds(store, series).trainEnd(),
        split);
  }

  /** The weight of each run of windows. */
  double[] weigh(SeriesStore store, Split split, WindowIndex index) {
    return checked(
        store, index.runs().count(), index::series, run -> index.runs().length(run), split);
  }

  private double[] checked(
      SeriesStore store, int count, IntUnaryOperator number, IntToLongFunction size, Split split) {
    double[] weights = new double[count];
    double total = 0;
    for (int run = 0; run < weights.length; run++) {
      int series = number.applyAsInt(run);
      double found = weight.of(store, split, series, size.applyAsLong(run));
      if (!(found >= 0 && found < Double.POSITIVE_INFINITY)) {
        throw new HdlException(
            ErrorCode.INVALID_SETTINGS,
            "weights \""
                + name
                + "\": "
                + found
                + " for series "
                + store.keys().get(series)
                + " (expected: finite and not negative)");
      }
      weights[run] = found;
      total += found;
    }
    if (weights.length > 0 && !(total > 0 && total < Double.POSITIVE_INFINITY)) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          "weights \"" + name + "\": their sum is " + total + " (expected: finite and above 0)");
    }
    return weights;
  }

  private record Magnitude(double sum, long count) {
    double meanOrZero() {
      return count == 0 ? 0 : sum / count;
    }
  }

  private static Magnitude magnitude(SeriesStore store, Split split, int series) {
    int end = split.bounds(store, series).trainEnd();
    double sum = 0;
    long count = 0;
    for (int step = 0; step < end; step++) {
      float value = store.value(series, step, 0);
      if (!Float.isNaN(value)) {
        sum += Math.abs(value);
        count++;
      }
    }
    return new Magnitude(sum, count);
  }

  /** The name of the weights. */
  @Override
  public String toString() {
    return name;
  }
}
