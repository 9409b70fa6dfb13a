package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.error.HdlException;
import io.hdl.data.feed.BatchPlan;
import io.hdl.data.series.WindowSelection.Observed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowSelectionTest {
  private static final Split ALL_TRAINING = Split.last(0, 0);

  private static Windows windows(
      SeriesStore store, int context, int horizon, WindowSelection selection) {
    return Windows.of(store, ALL_TRAINING, Part.TRAIN, context, horizon, selection);
  }

  private static Windows sampled(SeriesStore store, WindowSampling sampling) {
    return windows(store, 3, 2, WindowSelection.all().sampling(sampling));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void takesTheWindowsThatLieOnTheStrideAndHaveEnoughObservedTarget(long seed) {
    Random random = new Random(seed);
    // Series long enough for several words and blocks of bits, and short ones.
    SeriesStore store = gappy(random);
    Split split = Split.last(random.nextInt(9), random.nextInt(9));
    int context = 1 + random.nextInt(6);
    int horizon = 1 + random.nextInt(4);
    int stride = 1 + random.nextInt(4);
    int recent = 1 + random.nextInt(40);
    int inContext = random.nextInt(context + 1);
    double inHorizon = random.nextInt(5) / 4.0;
    WindowSelection selection =
        WindowSelection.all()
            .stride(stride)
            .recent(recent)
            .observedContext(Observed.steps(inContext))
            .observedHorizon(Observed.share(inHorizon));
    for (Part part : Part.values()) {
      Windows windows = Windows.of(store, split, part, context, horizon, selection);
      List<String> expected = new ArrayList<>();
      Set<Integer> withWindows = new HashSet<>();
      long sparse = 0;
      for (int s = 0; s < store.seriesCount(); s++) {
        Split.Bounds bounds = split.bounds(store, s);
        int last = bounds.end(part) - horizon;
        for (int origin = Math.max(context, bounds.start(part)); origin <= last; origin++) {
          if ((last - origin) % stride != 0 || last - origin >= recent) {
            continue;
          }
          boolean enough =
              observed(store, s, origin - context, context) >= inContext
                  && observed(store, s, origin, horizon) >= inHorizon * horizon;
          sparse += enough ? 0 : 1;
          if (enough) {
            expected.add(s + "@" + origin);
            withWindows.add(s);
          }
        }
      }
      List<String> found = new ArrayList<>();
      for (long window = 0; window < windows.size(); window++) {
        found.add(windows.series(window) + "@" + windows.origin(window));
      }
      assertThat(found).as("seed %d, %s", seed, part).isEqualTo(expected);
      assertThat(windows.tooSparse()).isEqualTo(sparse);
      assertThat(windows.tooShort()).isEqualTo(store.seriesCount() - withWindows.size());
    }
  }

  private static SeriesStore gappy(Random random) {
    SeriesStore.Builder builder =
        SeriesStore.builder(
            TimeAxis.integers(), List.of(Channel.number("y", Channel.Role.TARGET)), List.of());
    for (int s = 0; s < 6; s++) {
      float[] values = new float[1 + random.nextInt(s == 0 ? 4000 : 90)];
      int gapOf = random.nextInt(4);
      for (int t = 0; t < values.length; t++) {
        values[t] = gapOf > 0 && random.nextInt(4) < gapOf ? Float.NaN : t;
      }
      builder.add(SeriesKey.of("s" + s), 0, values, new float[0]);
    }
    return builder.build();
  }

  private static int observed(SeriesStore store, int series, int from, int steps) {
    int count = 0;
    for (int step = from; step < from + steps; step++) {
      count += store.observed(series, step) ? 1 : 0;
    }
    return count;
  }

  @Test
  void takesNoMemoryPerWindowWhereNoWindowIsLeftOutAndNineEighthsOfABitWhereOneIs() {
    int length = 10_000;
    SeriesStore.Builder builder =
        SeriesStore.builder(
            TimeAxis.integers(), List.of(Channel.number("y", Channel.Role.TARGET)), List.of());
    float[] values = new float[length];
    builder.add(SeriesKey.of("whole"), 0, values, new float[0]);
    values[length / 2] = Float.NaN;
    builder.add(SeriesKey.of("gap"), 0, values, new float[0]);
    WindowSelection full = WindowSelection.all().observedHorizon(Observed.share(1));
    Windows windows = windows(builder.build(), 5, 1, full);
    assertThat(windows.size()).isEqualTo(2L * (length - 5) - 1);
    assertThat(windows.indexBytes()).isBetween(9L * length / 64, 9L * length / 64 + 64);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void visitsEachSeriesAsOftenAsItsWeightSaysAndItsWindowsEvenly(long seed) {
    SeriesStore store = Stores.random(seed);
    SeriesWeights weights = SeriesWeights.of("odd", key -> key.hashCode() % 2 == 0 ? 1 : 3);
    Windows windows = sampled(store, WindowSampling.weighted(weights));
    Windows plain = sampled(store, WindowSampling.once());
    assertThat(windows.size()).isEqualTo(plain.size());
    int[] visits = new int[(int) windows.size()];
    WindowOrder order = windows.order(seed, 1);
    for (long i = 0; i < windows.size(); i++) {
      visits[(int) order.at(i)]++;
    }
    Map<Integer, Integer> sizes = new HashMap<>();
    for (long window = 0; window < windows.size(); window++) {
      sizes.merge(windows.series(window), 1, Integer::sum);
    }
    double total =
        sizes.keySet().stream()
            .mapToDouble(s -> store.keys().get(s).hashCode() % 2 == 0 ? 1 : 3)
            .sum();
    for (int window = 0; window < visits.length; window++) {
      int s = windows.series(window);
      double weight = store.keys().get(s).hashCode() % 2 == 0 ? 1 : 3;
      double due = weight / total / sizes.getOrDefault(s, 0) * windows.size();
      assertThat((double) visits[window]).as("seed %d", seed).isCloseTo(due, within(1.0 + 1e-6));
    }
  }

  @Test
  void visitsAWindowItsDueInTheMeanOverEpochs() {
    SeriesStore store = Stores.random(3);
    Windows windows = sampled(store, WindowSampling.weighted(SeriesWeights.equal()));
    int epochs = 4000;
    double[] visits = new double[store.seriesCount()];
    int[] sizes = new int[store.seriesCount()];
    double[] first = new double[(int) windows.size()];
    for (int epoch = 0; epoch < epochs; epoch++) {
      WindowOrder order = windows.order(5, epoch);
      for (long i = 0; i < windows.size(); i++) {
        visits[windows.series(order.at(i))]++;
        first[(int) order.at(i)]++;
      }
    }
    for (long window = 0; window < windows.size(); window++) {
      sizes[windows.series(window)]++;
    }
    long with = Arrays.stream(sizes).filter(size -> size > 0).count();
    for (int window = 0; window < first.length; window++) {
      double due = (double) windows.size() / with / sizes[windows.series(window)];
      assertThat(first[window] / epochs).isCloseTo(due, within(0.05));
    }
  }

  @Test
  void weightsByTheNumberOfWindowsVisitEachOnce() {
    SeriesStore store = Stores.random(7);
    Windows windows = sampled(store, WindowSampling.weighted(SeriesWeights.byWindows()));
    for (long epoch = 0; epoch < 50; epoch++) {
      Set<Long> seen = new HashSet<>();
      WindowOrder order = windows.order(1, epoch);
      for (long i = 0; i < windows.size(); i++) {
        assertThat(seen.add(order.at(i))).isTrue();
      }
    }
  }

  @Test
  void weighsByTheTargetOfTheTrainingPartAlone() {
    SeriesStore store = Stores.random(5);
    Split split = Split.last(2, 2);
    SeriesStore later =
        Stores.changed(store, (s, step) -> step >= split.bounds(store, s).trainEnd());
    for (SeriesWeights weights : List.of(SeriesWeights.byMean(), SeriesWeights.byTotal())) {
      WindowSelection selection = WindowSelection.all().sampling(WindowSampling.weighted(weights));
      Windows windows = Windows.of(store, split, Part.TRAIN, 1, 1, selection);
      Windows other = Windows.of(later, split, Part.TRAIN, 1, 1, selection);
      assertThat(numbers(windows.order(1, 1))).isEqualTo(numbers(other.order(1, 1)));
      Windows equal =
          Windows.of(
              store,
              split,
              Part.TRAIN,
              1,
              1,
              selection.sampling(WindowSampling.weighted(SeriesWeights.equal())));
      assertThat(numbers(windows.order(1, 1))).isNotEqualTo(numbers(equal.order(1, 1)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aBootstrapVisitsWholeSeriesAndEachEpochDrawsOthers(long seed) {
    SeriesStore store = Stores.random(seed);
    Windows windows = sampled(store, WindowSampling.bootstrapBySeries());
    List<String> draws = new ArrayList<>();
    for (long epoch = 0; epoch < 6; epoch++) {
      int[] visits = new int[(int) windows.size()];
      WindowOrder order = windows.order(seed, epoch);
      for (long i = 0; i < windows.size(); i++) {
        visits[(int) order.at(i)]++;
      }
      assertThat(Arrays.stream(visits).sum()).isEqualTo(visits.length);
      // Within a series all windows come equally often, but for one series that is cut.
      Set<Integer> cut = new HashSet<>();
      for (int window = 1; window < visits.length; window++) {
        int s = windows.series(window);
        if (s == windows.series(window - 1) && visits[window] != visits[window - 1]) {
          assertThat(visits[window]).isEqualTo(visits[window - 1] - 1);
          cut.add(s);
        }
      }
      assertThat(cut.size()).as("seed %d", seed).isLessThanOrEqualTo(1);
      draws.add(Arrays.toString(visits));
    }
    assertThat(numbers(windows.order(seed, 2))).isEqualTo(numbers(windows.order(seed, 2)));
    if (store.seriesCount() > 4) {
      assertThat(new HashSet<>(draws).size()).isGreaterThan(1);
    }
  }

  private static List<Long> numbers(WindowOrder order) {
    List<Long> numbers = new ArrayList<>();
    for (long i = 0; i < order.size(); i++) {
      numbers.add(order.at(i));
    }
    return numbers;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aStepIsTheSameSetOfWindowsWhateverTheNumberOfReplicas(long seed) {
    SeriesStore store = Stores.random(seed);
    List<WindowSampling> samplings =
        List.of(
            WindowSampling.once(),
            WindowSampling.weighted(SeriesWeights.equal()),
            WindowSampling.bootstrapBySeries());
    for (WindowSampling sampling : samplings) {
      Windows windows = sampled(store, sampling);
      WindowOrder order = windows.order(seed, 1);
      int batchSize = 1 + new Random(seed).nextInt(20);
      BatchPlan whole = BatchPlan.of(windows.size(), batchSize);
      for (int replicas = 1; replicas <= 8; replicas++) {
        for (long batch = 0; batch < whole.batches(); batch++) {
          List<Long> together = new ArrayList<>();
          for (int rank = 0; rank < replicas; rank++) {
            BatchPlan share = whole.share(rank, replicas);
            assertThat(share.count(batch)).isLessThanOrEqualTo(share.capacity());
            for (int i = 0; i < share.count(batch); i++) {
              together.add(order.at(share.position(batch) + i));
            }
          }
          List<Long> alone = new ArrayList<>();
          for (int i = 0; i < whole.count(batch); i++) {
            alone.add(order.at(batch * batchSize + i));
          }
          assertThat(together).as("seed %d, %d replicas", seed, replicas).isEqualTo(alone);
        }
      }
    }
  }

  @Test
  void rejectsWhatNoWindowCanHave() {
    SeriesStore store = Stores.random(1);
    assertThatThrownBy(() -> WindowSelection.all().stride(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("stride: 0 (expected: >= 1)");
    assertThatThrownBy(() -> Observed.share(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("observed share: 1.5 (expected: 0 to 1)");
    assertThatThrownBy(
            () -> windows(store, 3, 2, WindowSelection.all().observedHorizon(Observed.steps(3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("observed steps: 3 (expected: <= 2, all there are)");
  }

  @Test
  void rejectsWeightsThatAreNegativeMissingOrAllZero() {
    SeriesStore store = Stores.random(2);
    assertThatThrownBy(
            () ->
                sampled(store, WindowSampling.weighted(SeriesWeights.of("turnover", key -> -1.0))))
        .isInstanceOf(HdlException.class)
        .hasMessageStartingWith("weights \"turnover\": -1.0 for series ")
        .hasMessageEndingWith("(expected: finite and not negative)");
    assertThatThrownBy(
            () -> sampled(store, WindowSampling.weighted(SeriesWeights.of("none", key -> 0))))
        .isInstanceOf(HdlException.class)
        .hasMessage("weights \"none\": their sum is 0.0 (expected: finite and above 0)");
    assertThatThrownBy(
            () -> sampled(store, WindowSampling.weighted(SeriesWeights.of("table", Map.of()))))
        .isInstanceOf(HdlException.class)
        .hasMessageStartingWith("weights \"table\": no weight of series ");
  }
}
