package io.hdl.samples.retail;

import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Windows;
import io.hdl.train.evaluate.WindowPredictor;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/**
 * "Forecasts" with the generator's own knowledge of the law that sales are drawn from: what nobody
 * can beat. Used by one thread at a time.
 */
public final class ExpectedValues implements WindowPredictor {
  private final SeriesStore store;
  private final boolean median;
  private final RetailGenerator generator;
  private RetailSeries series;
  private int current = -1;

  private ExpectedValues(RetailGenerator generator, SeriesStore store, boolean median) {
    this.generator = generator;
    this.store = store;
    this.median = median;
    this.series = generator.series(0);
  }

  /** The expected values: no forecast has a lower expected squared error. */
  public static ExpectedValues means(RetailGenerator generator, SeriesStore store) {
    return new ExpectedValues(generator, store, false);
  }

  /** The medians: no forecast has a lower expected absolute error. */
  public static ExpectedValues medians(RetailGenerator generator, SeriesStore store) {
    return new ExpectedValues(generator, store, true);
  }

  @Override
  public void predict(Windows windows, long from, int count, float[] out) {
    int horizon = windows.horizon();
    for (int i = 0; i < count; i++) {
      int number = windows.series(from + i);
      select(number);
      String first = store.axis().label(store.firstStep(number) + windows.origin(from + i));
      int day = (int) ChronoUnit.DAYS.between(RetailGenerator.FIRST_DAY, LocalDate.parse(first));
      for (int step = 0; step < horizon; step++) {
        double value = median ? series.median(day + step) : series.expected(day + step);
        out[i * horizon + step] = (float) value;
      }
    }
  }

  private void select(int number) {
    if (number == current) {
      return;
    }
    SeriesKey key = store.keys().get(number);
    series = generator.series(generator.index(key.values().get(0), key.values().get(1)));
    current = number;
  }
}
