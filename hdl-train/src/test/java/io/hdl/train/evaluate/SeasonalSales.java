package io.hdl.train.evaluate;

import io.hdl.data.series.Channel;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.TimeAxis;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;

/** Stores for tests: a target only, weekly. */
public final class SeasonalSales {
  private SeasonalSales() {}

  /** A store of series given value by value, all beginning at step 0. */
  public static SeriesStore of(float[]... series) {
    SeriesStore.Builder builder =
        SeriesStore.builder(
            TimeAxis.dates(Frequency.WEEKLY, LocalDate.of(2024, 1, 1)),
            List.of(Channel.number("sales", Channel.Role.TARGET)),
            List.of());
    for (int i = 0; i < series.length; i++) {
      builder.add(SeriesKey.of("s" + i), 0, series[i], new float[0]);
    }
    return builder.build();
  }

  /** Series of growing level with a season of 12 and seeded noise; some values are missing. */
  public static SeriesStore random(int count, int length, long seed) {
    Random random = new Random(seed);
    float[][] series = new float[count][length];
    for (int i = 0; i < count; i++) {
      double level = Math.exp(random.nextGaussian() * 1.2 + 4);
      double phase = random.nextDouble() * 6;
      for (int t = 0; t < length; t++) {
        double season = 1 + 0.4 * Math.sin(2 * Math.PI * t / 12.0 + phase);
        double noise = 1 + 0.1 * random.nextGaussian();
        series[i][t] =
            random.nextInt(40) == 0 && t > 0 && t < length - 1
                ? Float.NaN
                : (float) (level * season * noise * (1 + 0.004 * t));
      }
    }
    return of(series);
  }
}
