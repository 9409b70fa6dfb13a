package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.Trained;
import io.hdl.core.json.Json;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.SeriesWeights;
import io.hdl.data.series.Split;
import io.hdl.train.evaluate.Baseline;
import io.hdl.train.evaluate.QualityGate;
import io.hdl.train.evaluate.RollingBacktest;
import io.hdl.train.evaluate.RollingResult;
import io.hdl.train.evaluate.SeasonalSales;
import io.hdl.train.loss.Loss;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.Centering;
import io.hdl.train.model.NHits;
import io.hdl.train.optim.Adam;
import io.hdl.train.parallel.Devices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollingTrainingTest {
  private static final int HORIZON = 4;

  @TempDir Path home;

  private static ForecastTraining training() {
    return ForecastTraining.of(NHits.defaults().centering(Centering.NONE))
        .context(24)
        .horizon(HORIZON)
        .season(SampleSeries.SEASON)
        .devices(Devices.cpu())
        .globalBatchSize(64)
        .epochs(3)
        .optimizer(Adam.learningRate(1e-2));
  }

  @Test
  void trainsAndScoresEachFoldAndTellsOfIt() throws Exception {
    try (SeriesStore store = SampleSeries.store(12)) {
      TestJobContext context = TestJobContext.in(home, "demand", "rolling");
      Trained<RollingResult> trained =
          training()
              .baselines(Baseline.SEASONAL_NAIVE, Baseline.CROSTON)
              .gate(QualityGate.beats(Baseline.SEASONAL_NAIVE).minimumWindows(24))
              .rolling(RollingBacktest.folds(2).stride(8))
              .train(store, context);
      RollingResult result = trained.model();
      assertThat(result.folds()).hasSize(2);
      assertThat(result.evaluation().windows()).isEqualTo(24);
      assertThat(result.evaluation().baselines()).containsOnlyKeys("seasonal_naive", "croston");
      assertThat(trained.gate().verdict()).isEqualTo(GateDecision.Verdict.PASSED);
      assertThat(result.folds().get(0).evaluation())
          .isNotEqualTo(result.folds().get(1).evaluation());
      assertThat(context.events().notices())
          .anySatisfy(text -> assertThat(text).startsWith("Fold 1 of 2: WAPE 0."))
          .anySatisfy(text -> assertThat(text).startsWith("Fold 2 of 2: WAPE 0."));
      Path run = context.directory().root();
      assertThat(run.resolve("folds/1/model")).isDirectory();
      assertThat(run.resolve("folds/2/model")).isDirectory();
      Map<String, Object> json =
          Json.readObject(Files.readString(run.resolve("report/backtest.json")), "the backtest");
      assertThat(json).containsOnlyKeys("overall", "folds", "steps", "series");
      assertThat(trained.artifacts())
          .extracting(Artifact::name)
          .containsExactly("report/backtest.json", "report/backtest.html");
      assertThat(Files.readString(run.resolve("report/backtest.html")))
          .startsWith("<!doctype html>")
          .contains("<h1>demand</h1>", "2 folds", "Quality gate: passed")
          .contains("WAPE by fold</title>", "WAPE by step of the horizon</title>")
          .containsPattern("fold 2: model [\\d.]+ %, seasonal naive [\\d.]+ %</title>")
          .contains("<tr><td>1</td><td>12</td><td>12</td>", "The mean over folds is ")
          .endsWith("</main></body></html>\n");
    }
  }

  @Test
  void theLastFoldIsWhatOneTrainingGives() {
    try (SeriesStore store = SampleSeries.store(8)) {
      RollingResult rolling =
          training()
              .rolling(RollingBacktest.folds(1))
              .train(store, TestJobContext.in(home, "demand", "rolling"))
              .model();
      Trained<Forecaster> once = training().train(store, TestJobContext.in(home, "demand", "once"));
      once.model().close();
      assertThat(rolling.evaluation().model()).isEqualTo(once.evaluation().model());
    }
  }

  @Test
  void refusesASplitOfItsOwn() {
    Problems problems = new Problems();
    training().split(Split.last(4, 4)).rolling(RollingBacktest.folds(2)).check(problems);
    assertThatThrownBy(() -> problems.throwIfAny("The rolling backtest"))
        .hasMessageContaining("split: {split=last 4, 4} (expected: none; folds make their own)");
  }

  @Test
  void refusesBaselinesThatAreNone() {
    Problems problems = new Problems();
    training().baselines("naive", "oracle").gate(QualityGate.beats("theta")).check(problems);
    assertThatThrownBy(() -> problems.throwIfAny("The training"))
        .hasMessageContaining("baselines: \"oracle\" (expected: one of [naive, seasonal_naive")
        .hasMessageContaining(
            "gate: baseline \"theta\" (expected: one that is scored, [naive, oracle]");
  }

  @Test
  void learnsWithEachLoss() {
    Loss[] losses = {
      Losses.huber(1),
      Losses.poisson(),
      Losses.tweedie(1.5),
      Losses.smape(),
      Losses.mase(SampleSeries.SEASON),
      Losses.weighted(Losses.mae(), 4, 3, 2, 1),
      Losses.weighted(Losses.quantiles(0.1, 0.5, 0.9), SeriesWeights.byMean())
    };
    try (SeriesStore store = SampleSeries.store(12)) {
      for (Loss loss : losses) {
        TestJobContext context =
            TestJobContext.in(home, "demand", "loss" + Arrays.asList(losses).indexOf(loss));
        Trained<Forecaster> trained =
            training().epochs(6).loss(loss).withoutReport().train(store, context);
        try (Forecaster forecaster = trained.model()) {
          double wape = trained.evaluation().model().value("wape").orElseThrow();
          double naive =
              Objects.requireNonNull(trained.evaluation().baselines().get("naive"))
                  .value("wape")
                  .orElseThrow();
          assertThat(wape).as(loss.name()).isLessThan(0.8 * naive);
          assertThat(forecaster.training()).containsEntry("loss", loss.name());
        }
        Forecaster.load(context.directory().model()).close();
      }
    }
  }

  @Test
  void refusesNegativeTargetsBeforeTraining() {
    try (SeriesStore store = SeasonalSales.of(negative())) {
      assertThatThrownBy(
              () ->
                  training()
                      .loss(Losses.poisson())
                      .train(store, TestJobContext.in(home, "demand", "negative")))
          .isInstanceOf(HdlException.class)
          .hasMessageContaining(
              "1 values of the target in 1 of 1 series lie there, the first -3.0");
    }
  }

  private static float[] negative() {
    float[] values = new float[60];
    Arrays.fill(values, 2);
    values[20] = -3;
    return values;
  }
}
