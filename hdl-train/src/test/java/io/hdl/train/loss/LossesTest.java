package io.hdl.train.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.hdl.train.parallel.TorchEngine;
import org.junit.jupiter.api.Test;

class LossesTest {
  private static final float[] LABEL = {1, 2, 0, 4};
  private static final float[] WEIGHT = {1, 1, 0, 2};

  private static double sum(Loss loss, float... output) {
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      NDArray out = manager.create(output, new Shape(2, 2, loss.outputs()));
      NDArray label = manager.create(LABEL, new Shape(2, 2));
      NDArray weight = manager.create(WEIGHT, new Shape(2, 2));
      NDArray one = manager.ones(new Shape(2, 1));
      return loss.sum(new LossTensors(out, label, weight, one.mul(0), one)).getFloat();
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
    for (Loss loss : new Loss[] {Losses.mae(), Losses.mse(), Losses.quantiles(0.05, 0.5)}) {
      assertThat(Losses.named(loss.name())).isEqualTo(loss);
    }
    assertThatThrownBy(() -> Losses.named("huber"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loss: \"huber\" (expected: mae, mse, quantiles(");
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
