package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldoutTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void keepsEveryStepBeforeThePartAndNoneFromItOn(long seed) {
    SeriesStore store = Stores.random(seed);
    Split split = Split.last(2, 3);
    SeriesStore kept = Holdout.before(store, split, Part.TEST);
    int expected = 0;
    for (int s = 0; s < store.seriesCount(); s++) {
      int end = split.bounds(store, s).start(Part.TEST);
      if (end == 0) {
        assertThat(kept.find(store.keys().get(s))).isEmpty();
        continue;
      }
      int at = kept.find(store.keys().get(s)).orElseThrow();
      assertThat(at).isEqualTo(expected++);
      assertThat(kept.length(at)).isEqualTo(end);
      assertThat(kept.firstStep(at)).isEqualTo(store.firstStep(s));
      assertThat(kept.constant(at, 0)).isEqualTo(store.constant(s, 0));
      for (int step = 0; step < end; step++) {
        for (int c = 0; c < store.channels().size(); c++) {
          assertThat(kept.value(at, step, c)).isEqualTo(Float.valueOf(store.value(s, step, c)));
        }
      }
    }
    assertThat(kept.seriesCount()).as("seed %d", seed).isEqualTo(expected);
    assertThat(kept.channels()).isEqualTo(store.channels());
    assertThat(kept.constants()).isEqualTo(store.constants());
  }

  @Test
  void whatIsHeldOutChangesNothing() {
    SeriesStore.Builder one = builder();
    SeriesStore.Builder other = builder();
    one.add(SeriesKey.of("a"), 7, new float[] {1, 2, 3, 4}, new float[0]);
    other.add(SeriesKey.of("a"), 7, new float[] {1, 2, -0x1p33f, 1e30f}, new float[0]);
    Split split = Split.last(1, 2);
    SeriesStore first = Holdout.before(one.build(), split, Part.TEST);
    SeriesStore second = Holdout.before(other.build(), split, Part.TEST);
    assertThat(first.length(0)).isEqualTo(2);
    assertThat(first.value(0, 1, 0)).isEqualTo(second.value(0, 1, 0)).isEqualTo(2);
    assertThat(Scaler.fit(first, Split.last(0, 0), Scaling.STANDARD).toJson())
        .isEqualTo(Scaler.fit(second, Split.last(0, 0), Scaling.STANDARD).toJson());
  }

  private static SeriesStore.Builder builder() {
    return SeriesStore.builder(
        TimeAxis.integers(), List.of(Channel.number("y", Channel.Role.TARGET)), List.of());
  }
}
