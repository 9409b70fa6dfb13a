package io.hdl.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.Windows;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaselineTest {
  private static final float NAN = Float.NaN;

  @Test
  void repeatsTheLastObservedValue() {
    assertThat(forecast(0, 3, 1, 2, 3, 5, NAN, 9, 9, 9)).containsExactly(5, 5, 5);
  }

  @Test
  void repeatsTheLastSeasonAlsoBeyondItsLength() {
    assertThat(forecast(3, 5, 1, 2, 3, 4, 5, 6, 9, 9, 9, 9, 9)).containsExactly(4, 5, 6, 4, 5);
  }

  @Test
  void reachesBackBeyondTheContext() {
    // The context of the only window is two steps long; the season is four.
    assertThat(forecast(4, 2, 1, 2, 3, 4, 9, 9)).containsExactly(1, 2);
  }

  @Test
  void takesTheSeasonBeforeWhereAValueIsMissing() {
    assertThat(forecast(2, 2, 7, 8, NAN, 6, 9, 9)).containsExactly(7, 6);
  }

  @Test
  void isNaiveWhereNoSeasonHasAValue() {
    assertThat(forecast(4, 2, 7, 8, 9, 9)).containsExactly(8, 8);
    assertThat(forecast(2, 2, NAN, 8, NAN, 6, 9, 9)).containsExactly(6, 6);
  }

  @Test
  void forecastsZeroForASeriesWithoutHistory() {
    assertThat(forecast(2, 2, NAN, NAN, 9, 9)).containsExactly(0, 0);
  }

  @Test
  void isNaiveWithASeasonOfOne() {
    assertThat(forecast(1, 2, 3, 4, 9, 9)).containsExactly(4, 4);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverLooksAtTheFuture(long seed) {
    Random random = new Random(seed);
    int season = 1 + random.nextInt(20);
    float[] values = new float[60];
    for (int t = 0; t < values.length; t++) {
      values[t] = random.nextInt(5) == 0 ? NAN : random.nextFloat();
    }
    values[59] = 1;
    float[] changed = values.clone();
    for (int t = 50; t < changed.length; t++) {
      changed[t] = 1000 + t;
    }
    assertThat(predict(values, season, 10))
        .as("seed " + seed)
        .isEqualTo(predict(changed, season, 10));
  }

  @Test
  void refusesASeasonOfZero() {
    try (SeriesStore store = SeasonalSales.of(new float[] {1, 2})) {
      assertThatThrownBy(() -> Baseline.seasonalNaive(store, 0))
          .hasMessage("season: 0 (expected: >= 1)");
    }
  }

  private static float[] forecast(int season, int horizon, float... values) {
    return predict(values, season, horizon);
  }

  private static float[] predict(float[] values, int season, int horizon) {
    try (SeriesStore store = SeasonalSales.of(values)) {
      Windows windows = Windows.of(store, Split.last(0, horizon), Part.TEST, 2, horizon);
      assertThat(windows.size()).isEqualTo(1);
      Baseline baseline =
          season == 0 ? Baseline.naive(store) : Baseline.seasonalNaive(store, season);
      float[] out = new float[horizon];
      baseline.predict(windows, 0, 1, out);
      return out;
    }
  }
}
