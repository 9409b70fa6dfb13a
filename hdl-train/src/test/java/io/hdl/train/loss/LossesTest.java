package io.hdl.train.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.SeriesWeights;
import io.hdl.data.series.Split;
import io.hdl.train.evaluate.SeasonalSales;
import io.hdl.train.parallel.TorchEngine;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class LossesTest {
  private static final float[] LABEL = {1, 2, 0, 4};
  private static final float[] WEIGHT = {1, 1, 0, 2};

  private static double sum(Loss loss, float... output) {
    return sum(
        loss,
        row -> {
          throw new IllegalStateException("no series");
        },
        output);
  }

  private static double sum(Loss loss, IntUnaryOperator series, float... output) {
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      NDArray out = manager.create(output, new Shape(2, 2, loss.outputs()));
      NDArray label = manager.create(LABEL, new Shape(2, 2));
      NDArray weight = manager.create(WEIGHT, new Shape(2, 2));
      NDArray one = manager.ones(new Shape(2, 1));
      return loss.sum(new LossTensors(out, label, weight, one.mul(0), one, series)).getFloat();
    }
  }

  @Test
  void absoluteLossLeavesOutWhatIsNotObserved() {
    assertThat(sum(Losses.mae(), 2, 2, 100, 1)).isEqualTo(1 + 0 + 2 * 3);
  }

  @Test
  void squaredLossLeavesOutWhatIsNotObserved() {
    assertThat(sum(Losses.mse(), 2, 2, 100, 1)).isEqualTo(1 + 0 + 2 * 9);
  }

  @Test
  void pinballLossWeighsOverAndUnderByTheQuantile() {
    Loss loss = Losses.quantiles(0.1, 0.9);
    double lowest = 0.9 * 1 + 0.1 * 2 + 2 * 0.1 * 4;
    double highest = 0.1 * 1 + 0.9 * 2 + 2 * 0.9 * 4;
    assertThat(sum(loss, 2, 2, 0, 0, 100, 100, 0, 0))
        .isCloseTo((lowest + highest) / 2, within(1e-5));
  }

  @Test
  void quantilesAreForecastInOrderAndTheMiddleOneIsThePoint() {
    float[] values = new float[4];
    Losses.quantiles(0.1, 0.5, 0.9).forecast(new float[] {9, 3, 1, 2}, 1, 10, 2, values, 0);
    assertThat(values).containsExactly(14, 12, 14, 16);
  }

  @Test
  void comesBackFromItsName() {
    Loss[] losses = {
      Losses.mae(),
      Losses.mse(),
      Losses.quantiles(0.05, 0.5),
      Losses.huber(0.5),
      Losses.poisson(),
      Losses.tweedie(1.3),
      Losses.smape(),
      Losses.mase(24),
      Losses.weighted(Losses.quantiles(0.1, 0.9), 1, 0.5, 0),
      Losses.weighted(Losses.weighted(Losses.mae(), 1, 2), 2, 1)
    };
    for (Loss loss : losses) {
      assertThat(Losses.named(loss.name())).isEqualTo(loss);
    }
    assertThatThrownBy(() -> Losses.named("hubert"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loss: \"hubert\" (expected: mae, mse, huber(1.0), quantiles(");
    assertThatThrownBy(() -> Losses.named("huber(x)")).hasMessageStartingWith("loss: \"huber(x)\"");
    assertThatThrownBy(() -> Losses.named("mae(3)")).hasMessageStartingWith("loss: \"mae(3)\"");
    assertThatThrownBy(() -> Losses.named("weighted(mae)"))
        .hasMessageStartingWith("loss: \"weighted(mae)\"");
  }

  @Test
  void refusesParametersOutOfRange() {
    assertThatThrownBy(() -> Losses.huber(0))
        .hasMessage("delta: 0.0 (expected: a finite number above 0)");
    assertThatThrownBy(() -> Losses.tweedie(2))
        .hasMessage("power: 2.0 (expected: above 1 and below 2)");
    assertThatThrownBy(() -> Losses.mase(0)).hasMessage("season: 0 (expected: >= 1)");
    assertThatThrownBy(() -> Losses.weighted(Losses.mae(), 0, 0))
        .hasMessage("weights: [0.0, 0.0] (expected: at least one above 0)");
    assertThatThrownBy(() -> Losses.weighted(Losses.mae(), -1, 2))
        .hasMessageContaining("expected: finite and not negative");
    assertThatThrownBy(() -> Losses.weighted(Losses.mae(), SeriesWeights.of("a: b", key -> 1.0)))
        .hasMessageContaining("a name without a colon");
  }

  @Test
  void countsAndAmountsForecastTheMeanInTheTargetsUnit() {
    float[] values = new float[1];
    for (Loss loss : new Loss[] {Losses.poisson(), Losses.tweedie(1.5)}) {
      loss.forecast(new float[] {(float) Math.log(3)}, 0, 7, 20, values, 0);
      assertThat(values[0]).isCloseTo(60, within(1e-4f));
    }
  }

  @Test
  void weighsStepsRelativeToTheirMean() {
    // Errors 1, 0 and, of the second window, masked and 3 with weight 2.
    assertThat(sum(Losses.weighted(Losses.mae(), 1, 3), 2, 2, 100, 1))
        .isCloseTo(0.5 * 1 + 1.5 * 2 * 3, within(1e-5));
    assertThat(sum(Losses.weighted(Losses.mae(), 1, 0), 2, 2, 100, 1)).isEqualTo(2);
  }

  @Test
  void needsOneWeightForEachStepOfTheHorizon() {
    Problems problems = new Problems();
    Losses.weighted(Losses.mae(), 1, 2).check(3, problems);
    assertThatThrownBy(() -> problems.throwIfAny("The training"))
        .hasMessageContaining("loss: 2 weights of steps (expected: 3, one for each step");
  }

  @Test
  void weighsSeriesRelativeToTheirMean() {
    try (SeriesStore store = SeasonalSales.of(new float[] {1, 1, 1}, new float[] {3, 3, 3})) {
      Loss weighted = Losses.weighted(Losses.mae(), SeriesWeights.byMean());
      assertThat(weighted.name()).isEqualTo("weighted(by mean: mae)");
      Loss bound = weighted.on(store, Split.last(0, 1));
      // Windows of series 1 and series 0: weights 1.5 and 0.5.
      assertThat(sum(bound, row -> 1 - row, 2, 2, 100, 1))
          .isCloseTo(1.5 * 1 + 0.5 * 2 * 3, within(1e-5));
      assertThat(bound.name()).isEqualTo(weighted.name());
      assertThatThrownBy(() -> sum(weighted, 2, 2, 100, 1)).hasMessageContaining("no series");
    }
  }

  @Test
  void aNameDoesNotHoldWeightsOfSeries() {
    Loss read = Losses.named("weighted(by mean: mae)");
    float[] values = new float[1];
    read.forecast(new float[] {3}, 0, 1, 2, values, 0);
    assertThat(values).containsExactly(7);
    try (SeriesStore store = SeasonalSales.of(new float[] {1, 2})) {
      assertThatThrownBy(() -> read.on(store, Split.last(0, 1)))
          .isInstanceOf(HdlException.class)
          .hasMessageContaining("a name does not hold the weights of series");
    }
  }

  @Test
  void countsErrorsInSeasonalChangesOfTheTrainingPart() {
    // Changes of the training part: 2 and 4; the second series never changes and does not count.
    try (SeriesStore store =
        SeasonalSales.of(new float[] {1, 3, 7, 100}, new float[] {5, 5, 5, 9})) {
      Loss bound = Losses.mase(1).on(store, Split.last(0, 1));
      assertThat(bound.hasUnit()).isFalse();
      assertThat(sum(bound, row -> 0, 2, 2, 100, 1)).isCloseTo((1 + 2 * 3) / 3.0, within(1e-5));
      assertThat(sum(bound, row -> 1, 2, 2, 100, 1)).isZero();
    }
  }

  @Test
  void refusesNegativeTargetsByName() {
    try (SeriesStore store =
        SeasonalSales.of(new float[] {1, 2, 3, 4}, new float[] {1, -2, -3, 4})) {
      assertThat(Losses.poisson().on(store, Split.last(0, 3))).isEqualTo(Losses.poisson());
      assertThatThrownBy(() -> Losses.tweedie(1.5).on(store, Split.last(0, 1)))
          .isInstanceOf(HdlException.class)
          .hasMessage(
              "Cannot train for the loss tweedie(1.5): it is not defined below 0, and 2 values of"
                  + " the target in 1 of 2 series lie there, the first -2.0 of series s1 at"
                  + " 1970-01-12. Choose another loss, such as mae, or leave such values out of the"
                  + " table.");
    }
  }

  @Test
  void rejectsQuantilesOutOfOrderOrRange() {
    assertThatThrownBy(() -> Losses.quantiles(0.9, 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: ascending numbers between 0 and 1");
    assertThatThrownBy(() -> Losses.quantiles(1.0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(Losses::quantiles).isInstanceOf(IllegalArgumentException.class);
  }
}
