package io.hdl.data.series;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Stores made up from a seed. */
final class Stores {
  static final List<Channel> CHANNELS =
      List.of(
          Channel.number("units", Channel.Role.TARGET),
          Channel.number("price", Channel.Role.KNOWN),
          new Channel("holiday", Channel.Role.KNOWN, Channel.Kind.BOOLEAN, List.of()),
          Channel.number("temperature", Channel.Role.PAST),
          new Channel(
              "weather", Channel.Role.PAST, Channel.Kind.CATEGORY, List.of("rain", "snow", "sun")));
  static final List<Constant> CONSTANTS =
      List.of(new Constant("size", Channel.Kind.NUMBER, List.of()));

  private Stores() {}

  /** Series of random lengths, 1 to 40 steps, some with gaps, some with known future rows. */
  static SeriesStore random(long seed) {
    return random(seed, StoreLayout.MAX_SEGMENT_BYTES);
  }

  static SeriesStore random(long seed, int maxSegmentBytes) {
    Random random = new Random(seed);
    TimeAxis axis = TimeAxis.dates(Frequency.WEEKLY, LocalDate.of(2012, 10, 26));
    StoreBuilder builder = new StoreBuilder(axis, CHANNELS, CONSTANTS, maxSegmentBytes);
    int count = 1 + random.nextInt(12);
    for (int s = 0; s < count; s++) {
      int length = 1 + random.nextInt(40);
      int future = random.nextInt(4) == 0 ? random.nextInt(length) : 0;
      float[] values = new float[length * CHANNELS.size()];
      for (int t = 0; t < length; t++) {
        boolean gap = t >= length - future || random.nextInt(10) == 0;
        int row = t * CHANNELS.size();
        values[row] = gap ? Float.NaN : random.nextInt(1000) - 100;
        values[row + 1] = random.nextFloat();
        values[row + 2] = random.nextInt(2);
        values[row + 3] = random.nextFloat() * 30;
        values[row + 4] = random.nextInt(3);
      }
      builder.add(SeriesKey.of("s" + s), 2000 + random.nextInt(20), values, new float[] {100f + s});
    }
    return builder.build();
  }

  /** Series of one length whose values are all different; the channels are known ahead. */
  static SeriesStore numbered(int series, int steps, int channels) {
    List<Channel> named = new ArrayList<>();
    named.add(Channel.number("units", Channel.Role.TARGET));
    for (int c = 1; c < channels; c++) {
      named.add(Channel.number("x" + c, Channel.Role.KNOWN));
    }
    SeriesStore.Builder builder = SeriesStore.builder(TimeAxis.integers(), named, List.of());
    float[] values = new float[steps * channels];
    for (int s = 0; s < series; s++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = s * values.length + i;
      }
      builder.add(SeriesKey.of("s" + s), 0, values, new float[0]);
    }
    return builder.build();
  }

  /** The values of one series, {@code [time][channel]}. */
  static float[] values(SeriesStore store, int series) {
    int channels = store.channels().size();
    float[] values = new float[store.length(series) * channels];
    for (int i = 0; i < values.length; i++) {
      values[i] = store.value(series, i / channels, i % channels);
    }
    return values;
  }

  /** The same store with every value changed that the test accepts. */
  static SeriesStore changed(SeriesStore store, Change change) {
    SeriesStore.Builder builder =
        SeriesStore.builder(store.axis(), store.channels(), store.constants());
    for (int s = 0; s < store.seriesCount(); s++) {
      float[] values = values(store, s);
      for (int i = 0; i < values.length; i++) {
        int channel = i % store.channels().size();
        if (store.channels().get(channel).kind() == Channel.Kind.NUMBER
            && change.applies(s, i / store.channels().size())) {
          values[i] = values[i] * 3 + 1000;
        }
      }
      builder.add(
          store.keys().get(s), store.firstStep(s), values, new float[] {store.constant(s, 0)});
    }
    return builder.build();
  }

  interface Change {
    boolean applies(int series, int step);
  }
}
