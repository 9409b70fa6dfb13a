package io.hdl.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.evaluation.GateDecision.Verdict;
import io.hdl.core.evaluation.Scores;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QualityGateTest {
  @Test
  void passesAModelThatBeatsEveryBaseline() {
    GateDecision decision = QualityGate.beats().judge(evaluation(0.09));
    assertThat(decision.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(decision.reasons())
        .containsExactly(
            "WAPE 0.0900 is below 0.1500 of naive (-40.0 %).",
            "WAPE 0.0900 is below 0.1000 of seasonal_naive (-10.0 %).");
  }

  @Test
  void failsAModelThatBeatsOnlyOneOfThem() {
    GateDecision decision = QualityGate.beats().judge(evaluation(0.12));
    assertThat(decision.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(decision.reasons())
        .contains("WAPE 0.1200 is not below 0.1000 of seasonal_naive (+20.0 %).");
    assertThat(QualityGate.beats("naive").judge(evaluation(0.12)).verdict())
        .isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsATie() {
    assertThat(QualityGate.beats("seasonal_naive").judge(evaluation(0.10)).verdict())
        .isEqualTo(Verdict.FAILED);
  }

  @Test
  void asksForTheMargin() {
    QualityGate gate = QualityGate.beats("seasonal_naive").by(0.05);
    assertThat(gate.judge(evaluation(0.094)).verdict()).isEqualTo(Verdict.PASSED);
    GateDecision tooClose = gate.judge(evaluation(0.096));
    assertThat(tooClose.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(tooClose.reasons().get(0)).endsWith("required: 5.0 % lower.");
    assertThatThrownBy(() -> gate.by(1)).hasMessageStartingWith("by: 1.0 (expected:");
  }

  @Test
  void failsForecastsThatAreNotFinite() {
    GateDecision decision = QualityGate.beats().judge(evaluation(Double.NaN));
    assertThat(decision.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(decision.reasons().get(0)).contains("not finite");
  }

  @Test
  void doesNotPassOverABaselineThatIsMissing() {
    GateDecision decision = QualityGate.beats("naive", "theta").judge(evaluation(0.05));
    assertThat(decision.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(decision.reasons()).contains("There is no WAPE of the baseline theta.");
    assertThat(QualityGate.beats("theta").judge(evaluation(0.05)).verdict())
        .isEqualTo(Verdict.NOT_JUDGED);
  }

  @Test
  void doesNotJudgeWithoutScores() {
    assertThat(QualityGate.beats().on("mase").judge(evaluation(0.05)).verdict())
        .isEqualTo(Verdict.NOT_JUDGED);
    Evaluation alone = new Evaluation("test", scores(0.1), Scores.NONE, Map.of(), 1, 1);
    assertThat(QualityGate.beats().judge(alone).verdict()).isEqualTo(Verdict.NOT_JUDGED);
  }

  @Test
  void doesNotJudgeOnTooLittle() {
    GateDecision decision = QualityGate.beats().minimumSeries(10).judge(evaluation(0.05));
    assertThat(decision.verdict()).isEqualTo(Verdict.NOT_JUDGED);
    assertThat(decision.reasons())
        .containsExactly(
            "The test part holds 3 windows of 3 series; the gate asks for at least 1 windows of 10"
                + " series.");
    assertThat(QualityGate.beats().minimumWindows(4).judge(evaluation(0.05)).verdict())
        .isEqualTo(Verdict.NOT_JUDGED);
    assertThat(QualityGate.beats().minimumWindows(3).judge(evaluation(0.05)).verdict())
        .isEqualTo(Verdict.PASSED);
    assertThatThrownBy(() -> QualityGate.beats().minimumSeries(0))
        .hasMessage("minimumSeries: 0 (expected: >= 1)");
  }

  @Test
  void judgesOnValidationWithoutTheTestPart() {
    // The naive forecast is right in validation and wrong in test.
    try (SeriesStore store = SeasonalSales.of(new float[] {1, 3, 2, 5, 5, 5, 9, 8})) {
      Backtest backtest =
          Evaluator.of(store, Split.last(2, 2), 2, 2)
              .baselines(List.of(Baseline.NAIVE, Baseline.NAIVE2))
              .backtest((windows, from, count, out) -> Arrays.fill(out, 6));
      assertThat(QualityGate.beats("naive").judge(backtest).verdict()).isEqualTo(Verdict.PASSED);
      GateDecision decision = QualityGate.beats("naive").onValidation().judge(backtest);
      assertThat(decision.verdict()).isEqualTo(Verdict.FAILED);
      assertThat(decision.reasons()).containsExactly("WAPE 0.2000 is not below 0.0000 of naive.");
      assertThat(backtest.onValidation().part()).isEqualTo("validation");
      assertThat(backtest.evaluation().model().values()).containsKey("owa");
      assertThat(backtest.evaluation().baselines().get("naive2"))
          .extracting(scores -> scores.value("owa").orElseThrow())
          .isEqualTo(1.0);
    }
  }

  private static Evaluation evaluation(double wape) {
    Map<String, Scores> baselines = new LinkedHashMap<>();
    baselines.put("naive", scores(0.15));
    baselines.put("seasonal_naive", scores(0.10));
    return new Evaluation("test", scores(wape), Scores.NONE, baselines, 3, 3);
  }

  private static Scores scores(double wape) {
    return new Scores(Map.of("wape", wape));
  }
}
