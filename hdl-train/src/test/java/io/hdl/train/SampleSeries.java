package io.hdl.train;

import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.TimeAxis;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.parallel.Devices;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Made-up weekly sales: a level per series, a season of 12 steps, promotions that are known ahead,
 * a little noise.
 */
final class SampleSeries {
  static final int SEASON = 12;
  static final int LENGTH = 120;
  static final int KNOWN_AHEAD = 6;

  private SampleSeries() {}

  /** A training on one CPU with the last steps held back; how long and how fast is left open. */
  static ForecastTraining training(ForecastModel model, int horizon) {
    return ForecastTraining.of(model)
        .context(24)
        .horizon(horizon)
        .split(Split.last(horizon, horizon))
        .season(SEASON)
        .devices(Devices.cpu())
        .globalBatchSize(64);
  }

  static SeriesKey key(int series) {
    return SeriesKey.of("store " + series % 3, "item " + series);
  }

  /** Series without any row after their last target. */
  static SeriesStore store(int series) {
    return store(series, 0, 0);
  }

  /**
   * The series.
   *
   * @param future rows after the last target, with the promotion but without a target
   * @param gapEvery every how many steps the target is missing; 0 for never
   */
  static SeriesStore store(int series, int future, int gapEvery) {
    List<Channel> channels =
        List.of(
            Channel.number("sales", Channel.Role.TARGET),
            new Channel("promotion", Channel.Role.KNOWN, Channel.Kind.BOOLEAN, List.of()),
            new Channel(
                "season", Channel.Role.KNOWN, Channel.Kind.CATEGORY, List.of("cold", "warm")),
            Channel.number("visitors", Channel.Role.PAST));
    List<Constant> constants =
        List.of(new Constant("kind", Channel.Kind.CATEGORY, List.of("food", "tools")));
    TimeAxis axis = TimeAxis.dates(Frequency.WEEKLY, LocalDate.of(2020, 1, 3));
    SeriesStore.Builder builder = SeriesStore.builder(axis, channels, constants);
    SplittableRandom random = new SplittableRandom(99);
    long first = axis.step("2020-01-03").orElseThrow();
    for (int s = 0; s < series; s++) {
      double level = 50 + random.nextDouble() * 500;
      float[] values = new float[(LENGTH + future) * 4];
      for (int t = 0; t < LENGTH + future; t++) {
        boolean promotion = random.nextInt(5) == 0;
        double wave = 1 + 0.4 * Math.sin(2 * Math.PI * (t + s % 3) / SEASON);
        double sales = level * (wave + (promotion ? 0.6 : 0) + 0.05 * (random.nextDouble() - 0.5));
        boolean missing = t >= LENGTH || (gapEvery > 0 && t % gapEvery == 3 && t < LENGTH - 20);
        values[t * 4] = missing ? Float.NaN : (float) sales;
        values[t * 4 + 1] = promotion ? 1 : 0;
        values[t * 4 + 2] = t % SEASON < SEASON / 2 ? 0 : 1;
        values[t * 4 + 3] = (float) (sales / 3 + random.nextDouble());
      }
      builder.add(key(s), first, values, new float[] {s % 2});
    }
    return builder.build();
  }

  /** The same with 70 texts of the season and 100 of the kind. */
  static SeriesStore withManyCategories(SeriesStore sample) {
    List<Channel> channels = new ArrayList<>(sample.channels());
    channels.set(
        2, new Channel("season", Channel.Role.KNOWN, Channel.Kind.CATEGORY, texts("season", 70)));
    List<Constant> constants =
        List.of(new Constant("kind", Channel.Kind.CATEGORY, texts("kind", 100)));
    SeriesStore.Builder builder = SeriesStore.builder(sample.axis(), channels, constants);
    for (int s = 0; s < sample.seriesCount(); s++) {
      float[] values = new float[sample.length(s) * 4];
      for (int t = 0; t < sample.length(s); t++) {
        for (int c = 0; c < 4; c++) {
          values[t * 4 + c] = c == 2 ? (t + s) % 70 : sample.value(s, t, c);
        }
      }
      builder.add(sample.keys().get(s), sample.firstStep(s), values, new float[] {99 - s});
    }
    return builder.build();
  }

  private static List<String> texts(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> name + " " + i).toList();
  }
}
