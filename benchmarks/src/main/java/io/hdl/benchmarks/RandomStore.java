package io.hdl.benchmarks;

import io.hdl.data.series.Channel;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.TimeAxis;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Stores of random numbers, in memory. */
public final class RandomStore {
  private RandomStore() {}

  /** Series of one length, with a target and covariates that are known ahead. */
  public static SeriesStore of(int series, int steps, int channels) {
    List<Channel> named = new ArrayList<>();
    named.add(Channel.number("y", Channel.Role.TARGET));
    for (int c = 1; c < channels; c++) {
      named.add(Channel.number("x" + c, Channel.Role.KNOWN));
    }
    SplittableRandom random = new SplittableRandom(1);
    SeriesStore.Builder builder = SeriesStore.builder(TimeAxis.integers(), named, List.of());
    float[] values = new float[steps * channels];
    for (int s = 0; s < series; s++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextDouble();
      }
      builder.add(SeriesKey.of("s" + s), 0, values, new float[0]);
    }
    return builder.build();
  }
}
