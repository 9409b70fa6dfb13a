package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DerivedStoreTest {
  private static final List<Channel> CHANNELS =
      List.of(Stores.CHANNELS.get(0), Channel.number("double", Channel.Role.KNOWN));

  /** Some series of a store with the double of their target, two steps longer. */
  private static SeriesStore doubled(SeriesStore store, int... series) {
    int[] lengths = new int[series.length];
    for (int i = 0; i < series.length; i++) {
      lengths[i] = store.length(series[i]) + 2;
    }
    DerivedStore derived =
        DerivedStore.of(
            store,
            series,
            CHANNELS,
            List.of(new Constant("number", Channel.Kind.NUMBER, List.of())),
            lengths);
    for (int i = 0; i < series.length; i++) {
      float[][] values = new float[2][lengths[i] + 5];
      for (int t = 0; t < lengths[i]; t++) {
        values[1][t] = t < store.length(series[i]) ? 2 * store.value(series[i], t, 0) : 7;
      }
      derived.put(i, values, new float[] {series[i]});
    }
    return derived.finish();
  }

  @Test
  void keepsSeriesAndTargetsAndTakesTheRest() {
    try (SeriesStore store = Stores.random(3);
        SeriesStore derived = doubled(store, store.seriesCount() - 1, 0)) {
      assertThat(derived.seriesCount()).isEqualTo(2);
      assertThat(derived.channels()).isEqualTo(CHANNELS);
      for (int s = 0; s < 2; s++) {
        int from = s == 0 ? store.seriesCount() - 1 : 0;
        assertThat(derived.keys().get(s)).isEqualTo(store.keys().get(from));
        assertThat(derived.firstStep(s)).isEqualTo(store.firstStep(from));
        assertThat(derived.targetEnd(s)).isEqualTo(store.targetEnd(from));
        assertThat(derived.length(s)).isEqualTo(store.length(from) + 2);
        assertThat(derived.constant(s, 0)).isEqualTo(from);
        for (int t = 0; t < derived.length(s); t++) {
          float target = t < store.length(from) ? store.value(from, t, 0) : Float.NaN;
          assertThat(derived.value(s, t, 0)).isEqualTo(Float.valueOf(target));
          assertThat(derived.value(s, t, 1))
              .isEqualTo(Float.valueOf(t < store.length(from) ? 2 * target : 7));
        }
      }
    }
  }

  @Test
  void givesWindowsOverTheSameSteps() {
    try (SeriesStore store = Stores.random(3)) {
      int[] all = new int[store.seriesCount()];
      java.util.Arrays.setAll(all, s -> s);
      try (SeriesStore derived = doubled(store, all);
          SeriesStore other = doubled(store, 0)) {
        Windows windows = Windows.of(store, Split.last(2, 2), Part.TRAIN, 2, 1);
        Windows over = windows.over(derived);
        assertThat(over.size()).isEqualTo(windows.size()).isPositive();
        Scaler scaler = Scaler.fit(derived, Split.last(2, 2), Scaling.NONE);
        WindowBatch batch = WindowBatch.allocate((int) over.size(), 2, 1, derived);
        over.gather(WindowOrder.sequential(over.size()), 0, (int) over.size(), scaler, batch);
        List<Float> found = new ArrayList<>();
        List<Float> expected = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
          assertThat(batch.series(i)).isEqualTo(windows.series(i));
          assertThat(batch.origin(i)).isEqualTo(windows.origin(i));
          found.add(batch.values().get(i * 3 * 2 + 1));
          expected.add(2 * store.value(windows.series(i), windows.origin(i) - 2, 0));
        }
        assertThat(found).isEqualTo(expected);
        assertThat(windows.over(store)).isSameAs(windows);
        assertThatThrownBy(() -> windows.over(other))
            .hasMessage("store: other series (expected: those of the windows)");
      }
    }
  }

  @Test
  void checksWhatItIsGiven() {
    try (SeriesStore store = Stores.random(3)) {
      int[] one = {0};
      int length = store.length(0);
      assertThatThrownBy(() -> DerivedStore.of(store, one, CHANNELS, List.of(), new int[] {0}))
          .hasMessageContaining("length of series s0: 0 (expected: >= " + store.targetEnd(0));
      assertThatThrownBy(
              () ->
                  DerivedStore.of(
                      store,
                      one,
                      List.of(Channel.number("other", Channel.Role.TARGET)),
                      List.of(),
                      new int[] {length}))
          .hasMessageContaining("target: ");
      DerivedStore derived = DerivedStore.of(store, one, CHANNELS, List.of(), new int[] {length});
      assertThatThrownBy(derived::finish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("0 of 1 series were put");
      float[][] values = new float[2][length];
      values[1][0] = Float.NEGATIVE_INFINITY;
      assertThatThrownBy(() -> derived.put(0, values, new float[0]))
          .hasMessage("double: -Infinity (expected: a finite number or NaN)");
      assertThatThrownBy(() -> derived.put(0, new float[1][length], new float[0]))
          .hasMessage("channels, constants: 1, 0 (expected: 2, 0)");
    }
  }
}
