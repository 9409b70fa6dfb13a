package io.hdl.samples;

import io.hdl.data.series.Channel;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.TimeAxis;
import java.util.List;
import java.util.SplittableRandom;

/** Made-up series in memory: a level and a season each, promotions known ahead, some noise. */
final class SeasonalSeries {
  private static final int SERIES = 40;
  private static final int LENGTH = 200;
  private static final int SEASON = 12;

  private SeasonalSeries() {}

  static SeriesStore store() {
    SeriesStore.Builder builder =
        SeriesStore.builder(
            TimeAxis.integers(),
            List.of(
                Channel.number("sales", Channel.Role.TARGET),
                Channel.number("promotion", Channel.Role.KNOWN)),
            List.of());
    SplittableRandom random = new SplittableRandom(7);
    for (int s = 0; s < SERIES; s++) {
      double level = random.nextDouble(20, 200);
      float[] values = new float[LENGTH * 2];
      for (int t = 0; t < LENGTH; t++) {
        int promotion = random.nextInt(6) == 0 ? 1 : 0;
        double wave = 1 + 0.5 * Math.sin(2 * Math.PI * (t + s) / SEASON) + 0.5 * promotion;
        values[2 * t] = (float) (level * (wave + 0.1 * random.nextDouble()));
        values[2 * t + 1] = promotion;
      }
      builder.add(SeriesKey.of("item " + s), 0, values, new float[0]);
    }
    return builder.build();
  }
}
