package io.hdl.data.feature;

import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.TimeAxis;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;

/** Stores made up from a seed, and what tests compare of them. */
final class FeatureStores {
  static final List<Channel> CHANNELS =
      List.of(
          Channel.number("units", Channel.Role.TARGET),
          Channel.number("price", Channel.Role.KNOWN),
          new Channel("promotion", Channel.Role.KNOWN, Channel.Kind.BOOLEAN, List.of()),
          Channel.number("temperature", Channel.Role.PAST),
          Channel.number("flat", Channel.Role.PAST),
          Channel.number("empty", Channel.Role.PAST),
          new Channel(
              "weather", Channel.Role.PAST, Channel.Kind.CATEGORY, List.of("rain", "snow", "sun")));
  static final List<Constant> CONSTANTS =
      List.of(
          new Constant("size", Channel.Kind.NUMBER, List.of()),
          new Constant("brand", Channel.Kind.CATEGORY, List.of("a", "b", "c", "d")));
  static final TimeAxis WEEKLY = TimeAxis.dates(Frequency.WEEKLY, LocalDate.of(2012, 10, 26));

  private FeatureStores() {}

  /** A pipeline with every kind of step. */
  static FeaturePipeline everything() {
    return FeaturePipeline.empty()
        .copy("units", "units_input")
        .signedLog1p("units_input")
        .standardise("units_input")
        .impute(Imputation.forwardFill(), "price")
        .impute(Imputation.median(), "price")
        .log1p("price")
        .robust("price")
        .impute(Imputation.mean(), "temperature")
        .minMax("temperature")
        .standardise("flat", "empty")
        .impute(Imputation.constant(0.1), "empty")
        .impute(Imputation.constant(0), "promotion")
        .categoryIndex(CategoryLimits.minCount(2).maxSize(2), "weather")
        .categoryIndex("brand")
        .robust("size")
        .calendar(CalendarField.WEEKDAY, CalendarField.WEEKEND, CalendarField.DAY_OF_YEAR)
        .cyclic(CalendarField.WEEK, CalendarField.MONTH)
        .daysToEvent("holiday", 60, List.of(LocalDate.of(2008, 12, 25)))
        .daysSinceEvent("holiday", 60, List.of(LocalDate.of(2008, 12, 25)))
        .lag("units", 1, 3, 4, 9)
        .lag("price", 1)
        .lag("weather", 2)
        .rolling("units", RollingStatistic.MEAN, 3, 1)
        .rolling("units", RollingStatistic.STD, 4, 0)
        .rolling("units", RollingStatistic.SUM, 3, 4)
        .rolling("temperature", RollingStatistic.MIN, 5, 2)
        .rolling("temperature", RollingStatistic.MAX, 5, 2);
  }

  /**
   * Series of random lengths, 1 to 60 steps, with gaps, some with known future rows; "flat" is 7
   * wherever it is present, "empty" is always missing.
   */
  static SeriesStore random(long seed) {
    return random(seed, 1 + new Random(seed ^ 99).nextInt(12));
  }

  static SeriesStore random(long seed, int count) {
    Random random = new Random(seed);
    SeriesStore.Builder builder = SeriesStore.builder(WEEKLY, CHANNELS, CONSTANTS);
    for (int s = 0; s < count; s++) {
      int length = 1 + random.nextInt(60);
      int future = random.nextInt(4) == 0 ? random.nextInt(length) : 0;
      float[] values = new float[length * CHANNELS.size()];
      for (int t = 0; t < length; t++) {
        int row = t * CHANNELS.size();
        boolean gap = t >= length - future || random.nextInt(10) == 0;
        values[row] = gap ? Float.NaN : random.nextInt(1000) - 100;
        values[row + 1] = some(random, random.nextFloat() * 9);
        values[row + 2] = some(random, random.nextInt(2));
        values[row + 3] = some(random, (float) (random.nextGaussian() * 8 + 10));
        values[row + 4] = some(random, 7);
        values[row + 5] = Float.NaN;
        values[row + 6] = some(random, random.nextInt(3));
      }
      // Every store has something to fit on in its first series.
      if (s == 0) {
        values[0] = 5;
        values[1] = 1;
        values[3] = 12;
      }
      builder.add(
          SeriesKey.of("s" + s),
          2000 + random.nextInt(20),
          values,
          new float[] {some(random, 100f + s), some(random, random.nextInt(4))});
    }
    return builder.build();
  }

  private static float some(Random random, float value) {
    return random.nextInt(8) == 0 ? Float.NaN : value;
  }

  /** One series of a target and one channel, from 2012-10-26 on, weekly. */
  static SeriesStore one(Channel channel, float... values) {
    float[] rows = new float[values.length * 2];
    for (int t = 0; t < values.length; t++) {
      rows[2 * t] = t + 1;
      rows[2 * t + 1] = values[t];
    }
    return SeriesStore.builder(
            WEEKLY, List.of(Channel.number("units", Channel.Role.TARGET), channel), List.of())
        .add(SeriesKey.of("a"), WEEKLY.step("2012-10-26").orElseThrow(), rows, new float[0])
        .build();
  }

  static int channel(SeriesStore store, String name) {
    for (int c = 0; c < store.channels().size(); c++) {
      if (store.channels().get(c).name().equals(name)) {
        return c;
      }
    }
    throw new AssertionError("no channel " + name + " in " + store.channels());
  }

  static Channel.Role role(SeriesStore store, String name) {
    return store.channels().get(channel(store, name)).role();
  }

  /** The values of a channel over a series' steps. */
  static float[] column(SeriesStore store, int series, String name) {
    int channel = channel(store, name);
    float[] values = new float[store.length(series)];
    for (int t = 0; t < values.length; t++) {
      values[t] = store.value(series, t, channel);
    }
    return values;
  }

  /** All that a store holds, to the bit. */
  static byte[] bits(SeriesStore store) {
    long floats = (long) store.seriesCount() * store.constants().size();
    for (int s = 0; s < store.seriesCount(); s++) {
      floats += (long) store.length(s) * store.channels().size();
    }
    String head = store.channels() + " " + store.constants() + " " + store.keys();
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(4 * floats + 2L * head.length()));
    head.chars().forEach(c -> all.putChar((char) c));
    for (int s = 0; s < store.seriesCount(); s++) {
      for (int t = 0; t < store.length(s); t++) {
        for (int c = 0; c < store.channels().size(); c++) {
          all.putInt(Float.floatToIntBits(store.value(s, t, c)));
        }
      }
      for (int c = 0; c < store.constants().size(); c++) {
        all.putInt(Float.floatToIntBits(store.constant(s, c)));
      }
    }
    return all.array();
  }

  /** Changes one value of a store. */
  @FunctionalInterface
  interface Change {
    float value(int series, int step, int channel, float value);
  }

  static SeriesStore changed(SeriesStore store, Change change) {
    SeriesStore.Builder builder =
        SeriesStore.builder(store.axis(), store.channels(), store.constants());
    int channels = store.channels().size();
    for (int s = 0; s < store.seriesCount(); s++) {
      float[] values = new float[store.length(s) * channels];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            change.value(s, i / channels, i % channels, store.value(s, i / channels, i % channels));
      }
      float[] constants = new float[store.constants().size()];
      for (int c = 0; c < constants.length; c++) {
        constants[c] = store.constant(s, c);
      }
      builder.add(store.keys().get(s), store.firstStep(s), values, constants);
    }
    return builder.build();
  }
}
