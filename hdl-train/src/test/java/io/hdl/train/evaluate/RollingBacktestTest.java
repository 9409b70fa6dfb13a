package io.hdl.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.job.Cancellation;
import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesStore;
import io.hdl.train.evaluate.FoldTrainer.FoldModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RollingBacktestTest {
  /** Forecasts the last value, and notes what it was given. */
  private static final class Recorder implements FoldTrainer {
    private final List<String> trained = new ArrayList<>();
    private int open;

    @Override
    public FoldModel train(Fold fold) {
      SeriesStore store = fold.store();
      StringBuilder seen = new StringBuilder();
      for (int s = 0; s < store.seriesCount(); s++) {
        int trainEnd = fold.split().bounds(store, s).trainEnd();
        seen.append(store.keys().get(s))
            .append('[')
            .append(store.firstStep(s))
            .append(',')
            .append(store.firstStep(s) + trainEnd)
            .append(',')
            .append(store.firstStep(s) + store.length(s))
            .append(") ");
      }
      trained.add(seen.toString().trim());
      open++;
      return new FoldModel() {
        @Override
        public WindowPredictor predictor(SeriesStore of) {
          return Baseline.naive(of);
        }

        @Override
        public void close() {
          open--;
        }
      };
    }
  }

  private static float[] counting(int length) {
    float[] values = new float[length];
    for (int t = 0; t < length; t++) {
      values[t] = t;
    }
    return values;
  }

  @Test
  void movesTheOriginAndNeverShowsWhatComesAfter() {
    try (SeriesStore store = SeasonalSales.of(counting(20), counting(30))) {
      Recorder recorder = new Recorder();
      RollingResult result = RollingBacktest.folds(3).run(store, 2, 2, recorder);
      assertThat(recorder.trained)
          .containsExactly(
              "s0[0,12,16) s1[0,22,26)", "s0[0,14,18) s1[0,24,28)", "s0[0,16,20) s1[0,26,30)");
      assertThat(recorder.open).isZero();
      // The naive forecast of a series that counts up is 1 too low, then 2.
      assertThat(result.errors().atStep(0).mae()).isEqualTo(1);
      assertThat(result.errors().atStep(1).mae()).isEqualTo(2);
      assertThat(result.errors().ofSeries(1).count()).isEqualTo(6);
      assertThat(result.evaluation().windows()).isEqualTo(6);
      assertThat(result.evaluation().series()).isEqualTo(2);
      assertThat(result.evaluation().baselines().get("naive"))
          .isEqualTo(result.evaluation().model());
      assertThat(result.folds())
          .extracting(RollingResult.FoldResult::number)
          .containsExactly(1, 2, 3);
      assertThat(result.folds().get(0).evaluation().windows()).isEqualTo(2);
      assertThat(result.spread("mae").mean()).isCloseTo(1.5, within(1e-12));
      assertThat(result.spread("mae").deviation()).isCloseTo(0, within(1e-6));
      assertThat(result.toString()).startsWith("fold 1: WAPE ").contains("2 series, 6 windows");
    }
  }

  @Test
  void keepsAGapAndSlides() {
    try (SeriesStore store = SeasonalSales.of(counting(30))) {
      Recorder recorder = new Recorder();
      RollingBacktest.folds(2).stride(5).gap(3).validation(4).sliding(6).run(store, 2, 2, recorder);
      // Of 15 steps 6 are for training, then come validation, gap and horizon.
      assertThat(recorder.trained).containsExactly("s0[10,16,25)", "s0[15,21,30)");
    }
  }

  @Test
  void scoresTheLastWindowAlsoWithAGap() {
    try (SeriesStore store = SeasonalSales.of(counting(30))) {
      RollingResult result = RollingBacktest.folds(2).gap(3).run(store, 2, 2, new Recorder());
      assertThat(result.evaluation().windows()).isEqualTo(2);
      assertThat(result.evaluation().model().value("mae").orElseThrow()).isEqualTo(1.5);
    }
  }

  @Test
  void trainsOnceIfToldTo() {
    try (SeriesStore store = SeasonalSales.of(counting(20))) {
      Recorder recorder = new Recorder();
      List<Integer> heard = new ArrayList<>();
      RollingBacktest.folds(4)
          .stride(1)
          .refit(RollingBacktest.Refit.NEVER)
          .listener(fold -> heard.add(fold.number()))
          .run(store, 2, 2, recorder);
      assertThat(recorder.trained).hasSize(1);
      assertThat(recorder.open).isZero();
      assertThat(heard).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void leavesOutSeriesThatAreTooShortForAFold() {
    try (SeriesStore store = SeasonalSales.of(counting(30), counting(5))) {
      RollingResult result = RollingBacktest.folds(2).run(store, 2, 2, new Recorder());
      assertThat(result.folds())
          .extracting(fold -> fold.evaluation().series())
          .containsExactly(1L, 2L);
      assertThat(result.errors().ofSeries(1).count()).isEqualTo(2);
    }
  }

  @Test
  void agreesWithAnEvaluatorOnTheLastFold() {
    try (SeriesStore store = SeasonalSales.random(5, 80, 4)) {
      RollingResult rolling =
          RollingBacktest.folds(1)
              .season(12)
              .baselines(Baseline.THETA, Baseline.NAIVE2)
              .run(store, 12, 6, new Recorder());
      Evaluator evaluator =
          Evaluator.of(store, io.hdl.data.series.Split.last(6, 6), 12, 6)
              .season(12)
              .baselines(List.of(Baseline.THETA, Baseline.NAIVE2));
      assertThat(rolling.evaluation().model().value("mase"))
          .isEqualTo(evaluator.errors(Part.TEST, Baseline.naive(store)).scores().value("mase"));
      assertThat(rolling.evaluation().baselines())
          .isEqualTo(evaluator.backtest(Baseline.naive(store)).evaluation().baselines());
    }
  }

  @Test
  void saysWhichFoldHasNoSeries() {
    try (SeriesStore store = SeasonalSales.of(counting(8))) {
      assertThatThrownBy(() -> RollingBacktest.folds(9).run(store, 2, 2, new Recorder()))
          .isInstanceOf(HdlException.class)
          .hasMessageContaining(
              "no series has a window in fold 1 of 9, which ends 16 steps before");
      assertThatThrownBy(() -> RollingBacktest.folds(0)).hasMessage("folds: 0 (expected: >= 1)");
    }
  }

  @Test
  void stopsAndClosesWhenCancelled() {
    try (SeriesStore store = SeasonalSales.of(counting(20))) {
      Cancellation cancellation = new Cancellation();
      Recorder recorder = new Recorder();
      RollingBacktest backtest =
          RollingBacktest.folds(3)
              .cancelledBy(cancellation)
              .listener(fold -> cancellation.request("SIGTERM"));
      assertThatThrownBy(() -> backtest.run(store, 2, 2, recorder))
          .isInstanceOf(JobCancelledException.class);
      assertThat(recorder.trained).hasSize(1);
      assertThat(recorder.open).isZero();
    }
  }
}
