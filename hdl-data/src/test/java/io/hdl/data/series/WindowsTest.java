package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsTest {
  private static Split split(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> Split.last(random.nextInt(6), random.nextInt(6));
      case 1 -> Split.steps(random.nextInt(20), random.nextInt(6), random.nextInt(6));
      default -> Split.at("2008-05-01", "2008-06-15");
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void eachWindowOfAPartOccursOncePerEpochAndNoTargetLeavesThePart(long seed) {
    Random random = new Random(seed);
    SeriesStore store = Stores.random(seed);
    Split split = split(random);
    int context = 1 + random.nextInt(6);
    int horizon = 1 + random.nextInt(4);
    for (Part part : Part.values()) {
      Windows windows = Windows.of(store, split, part, context, horizon);
      Set<String> expected = new HashSet<>();
      int without = 0;
      for (int s = 0; s < store.seriesCount(); s++) {
        Split.Bounds bounds = split.bounds(store, s);
        int before = expected.size();
        for (int origin = 0; origin < store.length(s); origin++) {
          if (origin >= bounds.start(part)
              && origin + horizon <= bounds.end(part)
              && origin - context >= 0) {
            expected.add(s + "@" + origin);
          }
        }
        without += expected.size() == before ? 1 : 0;
      }
      WindowOrder order = windows.order(seed, 1);
      Set<String> seen = new HashSet<>();
      for (long i = 0; i < windows.size(); i++) {
        long window = order.at(i);
        assertThat(seen.add(windows.series(window) + "@" + windows.origin(window))).isTrue();
      }
      assertThat(seen).as("seed %d, %s", seed, part).isEqualTo(expected);
      assertThat(windows.tooShort()).isEqualTo(without);
    }
  }

  @Test
  void windowsALittleShortOfFourKibibytesDoNotTouchTheirNeighbours() {
    int context = 56;
    int horizon = 28;
    int channels = 12;
    SeriesStore store = Stores.numbered(5, 120, channels);
    Scaler scaler = Scaler.fit(store, Split.last(0, 0), Scaling.NONE);
    for (boolean future : new boolean[] {false, true}) {
      Windows windows =
          future
              ? Windows.future(store, context, horizon)
              : Windows.of(store, Split.last(0, 0), Part.TRAIN, context, horizon);
      int count = (int) windows.size();
      WindowBatch batch = WindowBatch.allocate(count, context, horizon, store);
      windows.gather(windows.inOrder(), 0, count, scaler, batch);
      FloatBuffer values = batch.values();
      for (int i = 0; i < count; i++) {
        int first = windows.origin(i) - context;
        for (int step = 0; step < context + horizon; step++) {
          for (int c = 0; c < channels; c++) {
            Float expected =
                future && step >= context
                    ? Float.NaN
                    : store.value(windows.series(i), first + step, c);
            assertThat(values.get((i * (context + horizon) + step) * channels + c))
                .isEqualTo(expected);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void gathersWhatTheStoreHoldsAndHidesThePastChannelsInTheHorizon(long seed) {
    // Segments of 4 KiB, so that the series lie in several.
    SeriesStore store = Stores.random(seed, 4096);
    int context = 3;
    int horizon = 2;
    Windows windows = Windows.of(store, Split.last(0, 0), Part.TRAIN, context, horizon);
    Scaler scaler = Scaler.fit(store, Split.last(0, 0), Scaling.STANDARD);
    WindowBatch batch = WindowBatch.allocate(7, context, horizon, store);
    WindowOrder order = windows.order(seed, 0);
    for (long from = 0; from < windows.size(); from += 7) {
      int count = (int) Math.min(7, windows.size() - from);
      windows.gather(order, from, count, scaler, batch);
      assertThat(batch.size()).isEqualTo(count);
      FloatBuffer values = batch.values();
      for (int i = 0; i < count; i++) {
        long window = order.at(from + i);
        int s = windows.series(window);
        assertThat(batch.series(i)).isEqualTo(s);
        assertThat(batch.origin(i)).isEqualTo(windows.origin(window));
        assertThat(batch.constants().get(i)).isEqualTo(store.constant(s, 0));
        for (int c = 0; c < 5; c++) {
          assertThat(batch.location().get(i * 5 + c)).isEqualTo(scaler.location(s, c));
          assertThat(batch.scale().get(i * 5 + c)).isEqualTo(scaler.scale(s, c));
        }
        for (int step = 0; step < context + horizon; step++) {
          for (int c = 0; c < 5; c++) {
            boolean hidden = step >= context && store.channels().get(c).role() == Channel.Role.PAST;
            Float expected =
                hidden ? Float.NaN : store.value(s, windows.origin(window) - context + step, c);
            assertThat(values.get((i * (context + horizon) + step) * 5 + c)).isEqualTo(expected);
          }
        }
      }
      assertThat(values.remaining()).isEqualTo(count * (context + horizon) * 5);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 21, 22})
  void aFutureWindowBeginsWhereTheHistoryEndsAndCarriesWhatIsKnownAhead(long seed) {
    SeriesStore store = Stores.random(seed);
    int context = 2;
    int horizon = 30;
    Windows windows = Windows.future(store, context, horizon);
    Scaler scaler = Scaler.fit(store, Split.last(0, 0), Scaling.MEAN);
    WindowBatch batch = WindowBatch.allocate(store.seriesCount(), context, horizon, store);
    int count = (int) windows.size();
    windows.gather(WindowOrder.sequential(count), 0, count, scaler, batch);
    assertThat(count + windows.tooShort()).isEqualTo(store.seriesCount());
    for (int i = 0; i < count; i++) {
      int s = batch.series(i);
      assertThat(batch.origin(i)).isEqualTo(store.targetEnd(s));
      for (int step = 0; step < horizon; step++) {
        int row = (i * (context + horizon) + context + step) * 5;
        int at = store.targetEnd(s) + step;
        boolean known = at < store.length(s);
        assertThat(batch.values().get(row)).isNaN();
        assertThat(batch.values().get(row + 1))
            .isEqualTo((Float) (known ? store.value(s, at, 1) : Float.NaN));
        assertThat(batch.values().get(row + 2))
            .isEqualTo((Float) (known ? store.value(s, at, 2) : Float.NaN));
        assertThat(batch.values().get(row + 3)).isNaN();
        assertThat(batch.values().get(row + 4)).isNaN();
      }
    }
  }

  @Test
  void futureWindowsKeepTheOrderOfTheSeriesAskedFor() {
    SeriesStore store = Stores.random(3);
    Windows windows = Windows.future(store, 1, 4, 2, 0);
    assertThat(windows.size()).isEqualTo(2);
    assertThat(windows.series(0)).isEqualTo(2);
    assertThat(windows.series(1)).isEqualTo(0);
  }

  @Test
  void rejectsZeroHorizonAndZeroContext() {
    SeriesStore store = Stores.random(1);
    assertThatThrownBy(() -> Windows.of(store, Split.last(1, 1), Part.TRAIN, 4, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("horizon: 0 (expected: >= 1)");
    assertThatThrownBy(() -> Windows.future(store, 0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("context: 0 (expected: >= 1)");
  }

  @Test
  void rejectsAnOrderOfAnotherSizeAndABatchOfAnotherShape() {
    SeriesStore store = Stores.random(1);
    Windows windows = Windows.of(store, Split.last(0, 0), Part.TRAIN, 2, 2);
    Scaler scaler = Scaler.fit(store, Split.last(0, 0), Scaling.NONE);
    WindowBatch batch = WindowBatch.allocate(2, 2, 2, store);
    assertThatThrownBy(
            () -> windows.gather(WindowOrder.sequential(windows.size() + 1), 0, 1, scaler, batch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("order of " + (windows.size() + 1) + " windows");
    assertThatThrownBy(
            () ->
                windows.gather(
                    windows.order(1, 1), 0, 1, scaler, WindowBatch.allocate(2, 3, 2, store)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batch for context 3");
    assertThatThrownBy(() -> windows.gather(windows.order(1, 1), 0, 3, scaler, batch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count: 3 (expected: <= 2, the batch's capacity)");
  }

  @Test
  void aClosedStoreSaysSo() {
    SeriesStore store = Stores.random(1);
    store.close();
    store.close();
    assertThatThrownBy(() -> store.value(0, 0, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The series store is closed.");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anotherContextKeepsTheOriginsThatLeaveRoomForIt(long seed) {
    SeriesStore store = Stores.random(seed);
    Windows windows = Windows.of(store, Split.last(6, 0), Part.VALIDATION, 2, 3);
    for (int context : new int[] {1, 2, 5, 20, 60}) {
      Windows other = windows.context(context);
      assertThat(other.context()).isEqualTo(context);
      assertThat(other.horizon()).isEqualTo(3);
      long at = 0;
      for (long window = 0; window < windows.size(); window++) {
        if (windows.origin(window) >= context) {
          assertThat(other.series(at)).isEqualTo(windows.series(window));
          assertThat(other.origin(at)).isEqualTo(windows.origin(window));
          at++;
        }
      }
      assertThat(other.size()).as("seed %d, context %d", seed, context).isEqualTo(at);
    }
  }

  @Test
  void windowsOfAnotherContextAreGatheredWithIt() {
    SeriesStore store = Stores.numbered(2, 30, 1);
    Windows windows = Windows.of(store, Split.last(5, 0), Part.VALIDATION, 2, 3).context(27);
    assertThat(windows.size()).isEqualTo(2);
    WindowBatch batch = WindowBatch.allocate(2, 27, 3, store);
    Scaler scaler = Scaler.fit(store, Split.last(0, 0), Scaling.NONE);
    windows.gather(windows.inOrder(), 0, 2, scaler, batch);
    for (int i = 0; i < 2; i++) {
      for (int step = 0; step < 30; step++) {
        assertThat(batch.values().get(i * 30 + step)).isEqualTo(store.value(i, step, 0));
      }
    }
  }
}
