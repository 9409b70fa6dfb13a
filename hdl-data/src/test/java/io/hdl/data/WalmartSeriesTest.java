package io.hdl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.job.Opened;
import io.hdl.core.testing.TestData;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesFilter;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.WindowOrder;
import io.hdl.data.series.Windows;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Weekly sales of 45 stores as series, held against figures that were computed elsewhere. */
class WalmartSeriesTest {
  private static final SeriesSpec SPEC =
      SeriesSpec.keyedBy("store", "dept")
          .orderedBy("date", Frequency.WEEKLY)
          .target("weekly_sales")
          .known("is_holiday");

  private static SeriesSource source(SeriesSpec spec) {
    return DeltaSource.at(TestData.require("forecast/walmart_weekly")).series(spec);
  }

  @Test
  void holdsEverySeries() {
    try (Opened<SeriesStore> opened = source(SPEC).load()) {
      SeriesStore store = opened.data();
      assertThat(opened.facts()).containsEntry("rows", "421570");
      assertThat(store.seriesCount()).isEqualTo(3331);
      assertThat(store.keys().stream().map(key -> key.values().get(0)).distinct()).hasSize(45);
      assertThat(store.keys().get(0)).isEqualTo(SeriesKey.of("1", "1"));
      assertThat(store.axis().label(store.firstStep(0))).isEqualTo("2010-02-05");
      assertThat(store.length(0)).isEqualTo(143);
      assertThat(store.value(0, 0, 0)).isEqualTo(24924.5f);
      long complete =
          IntStream.range(0, store.seriesCount())
              .filter(
                  s ->
                      store.length(s) == 143
                          && IntStream.range(0, 143).allMatch(t -> store.observed(s, t)))
              .count();
      assertThat(complete).isEqualTo(2660);
      assertThat(opened.provenance().rows()).isEqualTo(421570);
      assertThat(opened.provenance().columns())
          .containsExactly("store", "dept", "date", "weekly_sales", "is_holiday");
    }
  }

  @Test
  void naiveForecastsScoreAsTheyDidElsewhere() {
    try (Opened<SeriesStore> opened = source(SPEC.keep(SeriesFilter.COMPLETE)).load()) {
      SeriesStore store = opened.data();
      assertThat(store.seriesCount()).isEqualTo(2660);
      assertThat(opened.facts()).containsEntry("series left out", "671");
      Split split = Split.steps(127, 8, 8);
      Windows windows = Windows.of(store, split, Part.TEST, 52, 8);
      assertThat(windows.size()).isEqualTo(2660);
      Scaler scaler = Scaler.fit(store, split, Scaling.MEAN);
      int count = (int) windows.size();
      WindowBatch batch = WindowBatch.allocate(count, 52, 8, store);
      windows.gather(WindowOrder.sequential(count), 0, count, scaler, batch);
      assertThat(wape(batch, 1)).isCloseTo(0.1560, within(0.00005));
      assertThat(wape(batch, 52)).isCloseTo(0.1034, within(0.00005));
    }
  }

  /** WAPE of repeating the last season of the context. */
  private static double wape(WindowBatch batch, int season) {
    FloatBuffer values = batch.values();
    int channels = 2;
    double error = 0;
    double total = 0;
    for (int i = 0; i < batch.size(); i++) {
      for (int h = 0; h < batch.horizon(); h++) {
        int row = i * (batch.context() + batch.horizon()) + batch.context() + h;
        int back = row - season * (h / season + 1);
        float actual = values.get(row * channels);
        error += Math.abs(actual - values.get(back * channels));
        total += Math.abs(actual);
      }
    }
    return error / total;
  }
}
