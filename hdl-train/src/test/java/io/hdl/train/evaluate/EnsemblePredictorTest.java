package io.hdl.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.Windows;
import io.hdl.train.evaluate.EnsemblePredictor.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnsemblePredictorTest {
  /** Forecasts a number, and checks that the windows it is asked for are of its own context. */
  private static final class Constant implements WindowPredictor {
    private final float value;
    private final int context;
    private final List<Double> quantiles;
    private int asked;
    private boolean closed;

    Constant(float value, int context, Double... quantiles) {
      this.value = value;
      this.context = context;
      this.quantiles = List.of(quantiles);
    }

    @Override
    public void predict(Windows windows, long from, int count, float[] out) {
      assertThat(windows.context()).isEqualTo(context);
      for (int i = 0; i < count; i++) {
        assertThat(windows.origin(from + i)).isGreaterThanOrEqualTo(context);
        for (int step = 0; step < windows.horizon(); step++) {
          // Tells which window it was asked for.
          out[i * windows.horizon() + step] = value + 1000 * windows.origin(from + i);
        }
      }
      asked += count;
    }

    @Override
    public List<Double> quantiles() {
      return quantiles;
    }

    @Override
    public void predictQuantiles(Windows windows, long from, int count, float[] out) {
      for (int i = 0; i < count * quantiles.size() * windows.horizon(); i++) {
        out[i] = value;
      }
    }

    @Override
    public void close() {
      closed = true;
    }

    Member member() {
      return new Member("constant " + value, context, this);
    }
  }

  private static SeriesStore store(int... lengths) {
    return SeasonalSales.of(
        IntStream.of(lengths)
            .mapToObj(
                length -> {
                  float[] values = new float[length];
                  java.util.Arrays.fill(values, 1);
                  return values;
                })
            .toArray(float[][]::new));
  }

  private static Windows windows(SeriesStore store, int context) {
    return Windows.of(store, Split.last(0, 4), Part.TEST, context, 2);
  }

  private static float[] forecasts(WindowPredictor predictor, Windows windows) {
    float[] out = new float[(int) windows.size() * windows.horizon()];
    predictor.predict(windows, 0, (int) windows.size(), out);
    return out;
  }

  @Test
  void takesTheMeanOrTheMedianOfItsMembers() {
    try (SeriesStore store = store(20)) {
      List<Member> members = new ArrayList<>();
      for (float value : new float[] {1, 2, 9}) {
        members.add(new Constant(value, 5).member());
      }
      Windows windows = windows(store, 5);
      assertThat(forecasts(EnsemblePredictor.of(Combination.MEDIAN, members), windows))
          .containsExactly(16002, 16002, 17002, 17002, 18002, 18002);
      assertThat(forecasts(EnsemblePredictor.of(Combination.MEAN, members), windows))
          .containsExactly(16004, 16004, 17004, 17004, 18004, 18004);
      members.add(new Constant(4, 5).member());
      assertThat(forecasts(EnsemblePredictor.of(Combination.MEDIAN, members), windows)[0])
          .isEqualTo(16003);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 100})
  void asksEachMemberForTheWindowsThatItSeesEnoughOf(int batch) {
    try (SeriesStore store = store(30, 9, 14, 6, 30)) {
      Constant near = new Constant(1, 2);
      Constant far = new Constant(3, 10);
      EnsemblePredictor ensemble =
          EnsemblePredictor.of(Combination.MEAN, List.of(near.member(), far.member()));
      Windows windows = windows(store, 2);
      assertThat(windows.size()).isEqualTo(15);
      float[] all = new float[30];
      for (int from = 0; from < 15; from += batch) {
        int count = Math.min(batch, 15 - from);
        float[] out = new float[count * 2];
        ensemble.predict(windows, from, count, out);
        System.arraycopy(out, 0, all, from * 2, count * 2);
      }
      for (int i = 0; i < 15; i++) {
        int expected = windows.origin(i) >= 10 ? 2 : 1;
        assertThat(all[i * 2]).isEqualTo(expected + 1000f * windows.origin(i));
      }
      // the series of 9 and 6 steps have no origin from 10 on
      assertThat(far.asked).isEqualTo(9);
      assertThat(near.asked).isEqualTo(15);
    }
  }

  @Test
  void asksTheFallbackOnlyWhereNobodyElseSeesEnough() {
    try (SeriesStore store = store(30, 9)) {
      Constant far = new Constant(3, 10);
      Constant fallback = new Constant(7, 2);
      EnsemblePredictor ensemble =
          EnsemblePredictor.of(Combination.MEDIAN, List.of(far.member()))
              .fallback(List.of(fallback.member()));
      assertThat(forecasts(ensemble, windows(store, 2)))
          .containsExactly(
              26003, 26003, 27003, 27003, 28003, 28003, 5007, 5007, 6007, 6007, 7007, 7007);
      assertThat(far.asked).isEqualTo(3);
    }
  }

  @Test
  void namesASeriesThatIsTooShortForAllMembers() {
    try (SeriesStore store = store(30, 9)) {
      EnsemblePredictor ensemble =
          EnsemblePredictor.of(Combination.MEDIAN, List.of(new Constant(3, 10).member()));
      Windows windows = windows(store, 2);
      assertThatThrownBy(() -> forecasts(ensemble, windows))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_ENOUGH_DATA))
          .hasMessage(
              "Cannot forecast series s1 from its step 5 on: no member of the ensemble sees so"
                  + " little; the shortest context is 10. Add a member with a shorter context, or"
                  + " a baseline as fallback.");
    }
  }

  @Test
  void averagesQuantilesThatAllMembersForecast() {
    try (SeriesStore store = store(20)) {
      Windows windows = windows(store, 5);
      List<Member> same =
          List.of(
              new Constant(1, 5, 0.1, 0.9).member(),
              new Constant(2, 5, 0.1, 0.9).member(),
              new Constant(9, 5, 0.1, 0.9).member());
      EnsemblePredictor ensemble = EnsemblePredictor.of(Combination.MEDIAN, same);
      assertThat(ensemble.quantiles()).containsExactly(0.1, 0.9);
      float[] bands = new float[(int) windows.size() * 2 * 2];
      ensemble.predictQuantiles(windows, 0, (int) windows.size(), bands);
      assertThat(bands).containsOnly(4f);
      List<Member> others = List.of(same.get(0), new Constant(1, 5, 0.5).member());
      EnsemblePredictor mixed = EnsemblePredictor.of(Combination.MEDIAN, others);
      assertThat(mixed.quantiles()).isEmpty();
      assertThatThrownBy(() -> mixed.predictQuantiles(windows, 0, 1, bands))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void aFallbackWithoutQuantilesStandsForEachOfThem() {
    try (SeriesStore store = store(30, 9)) {
      Windows windows = windows(store, 2);
      EnsemblePredictor ensemble =
          EnsemblePredictor.of(Combination.MEDIAN, List.of(new Constant(3, 10, 0.1, 0.9).member()))
              .fallback(List.of(new Constant(7, 2).member()));
      assertThat(ensemble.quantiles()).containsExactly(0.1, 0.9);
      float[] bands = new float[(int) windows.size() * 2 * 2];
      ensemble.predictQuantiles(windows, 0, (int) windows.size(), bands);
      assertThat(java.util.Arrays.copyOf(bands, 12)).containsOnly(3f);
      assertThat(java.util.Arrays.copyOfRange(bands, 12, 24))
          .containsExactly(5007, 5007, 5007, 5007, 6007, 6007, 6007, 6007, 7007, 7007, 7007, 7007);
    }
  }

  @Test
  void showsAMemberThatForecastsNoNumber() {
    try (SeriesStore store = store(20)) {
      List<Member> members = new ArrayList<>();
      for (float value : new float[] {1, Float.NaN, 9}) {
        members.add(new Constant(value, 5).member());
      }
      assertThat(forecasts(EnsemblePredictor.of(Combination.MEDIAN, members), windows(store, 5)))
          .containsOnly(Float.NaN);
    }
  }

  @Test
  void closesAllMembersWhateverOneOfThemSays() {
    Constant first = new Constant(1, 5);
    Constant last = new Constant(2, 5);
    WindowPredictor broken =
        new WindowPredictor() {
          @Override
          public void predict(Windows windows, long from, int count, float[] out) {}

          @Override
          public void close() {
            throw new IllegalStateException("stuck");
          }
        };
    EnsemblePredictor ensemble =
        EnsemblePredictor.of(
            Combination.MEAN,
            List.of(first.member(), new Member("broken", 5, broken), last.member()));
    assertThatThrownBy(ensemble::close).hasMessage("stuck");
    assertThat(first.closed).isTrue();
    assertThat(last.closed).isTrue();
  }

  @Test
  void scoresNoWorseThanItsMembersOnAverage() {
    // The mean absolute error is convex, so that of the mean is at most the mean of the errors.
    try (SeriesStore store = SeasonalSales.random(9, 90, 5)) {
      Evaluator evaluator = Evaluator.of(store, Split.last(8, 8), 12, 4).season(12);
      Baseline naive = Baseline.naive(store);
      Baseline seasonal = Baseline.seasonalNaive(store, 12);
      double together =
          mae(
              evaluator,
              EnsemblePredictor.of(
                  Combination.MEAN,
                  List.of(new Member("naive", 0, naive), new Member("seasonal", 12, seasonal))));
      double apart = (mae(evaluator, naive) + mae(evaluator, seasonal)) / 2;
      assertThat(together).isLessThan(apart);
    }
  }

  private static double mae(Evaluator evaluator, WindowPredictor predictor) {
    return evaluator.errors(Part.TEST, predictor).total().mae();
  }

  @Test
  void refusesToBeEmptyOrToSeeLessThanNothing() {
    assertThatThrownBy(() -> EnsemblePredictor.of(Combination.MEAN, List.of()))
        .hasMessage("members: [] (expected: at least one)");
    assertThatThrownBy(() -> new Member("m", -1, new Constant(1, 1)))
        .hasMessage("context: -1 (expected: >= 0)");
  }

  @Test
  void combinesRowsStepByStep() {
    List<List<Double>> rows = List.of(List.of(1.0, 8.0), List.of(2.0, 2.0), List.of(6.0, 5.0));
    assertThat(Combination.MEDIAN.of(rows)).containsExactly(2.0, 5.0);
    assertThat(Combination.MEAN.of(rows).get(0)).isCloseTo(3.0, within(1e-6));
    assertThatThrownBy(() -> Combination.MEAN.of(List.of(List.of(1.0), List.of())))
        .hasMessage("rows of [1, 0] steps (expected: at least one row, all of one length)");
  }
}
