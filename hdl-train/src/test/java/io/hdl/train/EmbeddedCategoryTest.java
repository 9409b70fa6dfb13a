package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.testing.TestJobContext;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.TimeAxis;
import io.hdl.train.model.NHits;
import io.hdl.train.optim.Adam;
import io.hdl.train.parallel.Devices;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedCategoryTest {
  private static final int EVENTS = 80;
  private static final int LENGTH = 400;

  @TempDir Path home;

  private static float effect(int event) {
    return event % 2 == 0 ? 3 : -3;
  }

  private static List<String> texts(int first) {
    return IntStream.range(first, first + EVENTS).mapToObj(i -> "event " + i).toList();
  }

  /** Noise, and an event each day that alone tells whether the day is good or bad. */
  private static SeriesStore store(List<String> events) {
    List<Channel> channels =
        List.of(
            Channel.number("sales", Channel.Role.TARGET),
            new Channel("event", Channel.Role.KNOWN, Channel.Kind.CATEGORY, events));
    TimeAxis axis = TimeAxis.dates(Frequency.DAILY, LocalDate.of(2020, 1, 1));
    SeriesStore.Builder builder = SeriesStore.builder(axis, channels, List.<Constant>of());
    SplittableRandom random = new SplittableRandom(4);
    for (int s = 0; s < 6; s++) {
      float[] values = new float[(LENGTH + 1) * 2];
      for (int t = 0; t <= LENGTH; t++) {
        int event = random.nextInt(EVENTS);
        values[t * 2] =
            t < LENGTH ? 10 + effect(event) + (float) random.nextGaussian() * 0.1f : Float.NaN;
        values[t * 2 + 1] = event;
      }
      builder.add(SeriesKey.of("s" + s), 0, values, new float[0]);
    }
    return builder.build();
  }

  private static List<Double> first(Forecaster forecaster, SeriesStore store) {
    List<Double> values = new ArrayList<>();
    forecaster
        .forecast(store, FutureRequest.all())
        .series()
        .forEach(one -> values.add(one.values().get(0)));
    return values;
  }

  @Test
  void learnsWhatEachOfManyTextsMeans() {
    ForecastTraining training =
        ForecastTraining.of(NHits.defaults().hidden(64))
            .context(4)
            .horizon(1)
            .split(Split.last(10, 10))
            .devices(Devices.cpu())
            .globalBatchSize(64)
            .epochs(15)
            .optimizer(Adam.learningRate(3e-3))
            .withoutReport();
    Path folder = home.resolve("saved");
    try (SeriesStore store = store(texts(0))) {
      List<Double> expected;
      try (Forecaster forecaster =
          training.train(store, TestJobContext.in(home, "embedded", "run")).model()) {
        expected = first(forecaster, store);
        for (int s = 0; s < expected.size(); s++) {
          double right = 10 + effect((int) store.value(s, LENGTH, 1));
          assertThat(expected.get(s)).isBetween(right - 1.5, right + 1.5);
        }
        forecaster.save(folder);
      }
      try (Forecaster loaded = Forecaster.load(folder);
          SeriesStore strange = store(texts(1000))) {
        assertThat(first(loaded, store)).isEqualTo(expected);
        // None of these texts is known: the level alone is left.
        assertThat(first(loaded, strange))
            .allSatisfy(value -> assertThat(value).isBetween(2.0, 18.0));
      }
    }
  }
}
