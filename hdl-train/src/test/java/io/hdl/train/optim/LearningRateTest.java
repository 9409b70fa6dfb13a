package io.hdl.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LearningRateTest {
  private static final LearningRate.Plan PLAN = new LearningRate.Plan(50, 10);

  static Stream<Arguments> schedules() {
    return Stream.of(
        Arguments.of("cosine", LearningRate.cosine()),
        Arguments.of("cosine floor 0.1", LearningRate.cosine().floor(0.1)),
        Arguments.of("cosine warm 7 floor 0.01", LearningRate.cosine().warmup(7).floor(0.01)),
        Arguments.of(
            "cosine warm 7 floor 0.01", LearningRate.cosine().warmupShare(0.13).floor(0.01)),
        Arguments.of("step every 2 epochs of 10", LearningRate.step(2, 0.3)),
        Arguments.of("step every 2 epochs of 10", new StepRate(20, StepRate.Unit.STEPS, 0.3)),
        Arguments.of("one cycle", LearningRate.oneCycle()));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void agreesWithPyTorch(String name, LearningRate rate) {
    List<Double> expected = TorchReference.numbers("schedules", name);
    RateSchedule schedule = rate.over(PLAN);
    for (int step = 0; step < expected.size(); step++) {
      assertThat(schedule.factor(step))
          .describedAs("%s at step %d", name, step)
          .isCloseTo(expected.get(step), within(1e-12));
    }
    assertThat(schedule.state()).isEmpty();
  }

  static Stream<Arguments> plateaus() {
    return Stream.of(
        Arguments.of("patience 1", LearningRate.reduceOnPlateau()),
        Arguments.of("patience 0 cooldown 2", new PlateauRate(0.5, 0, 1e-4, 2, 0)),
        Arguments.of("floor", new PlateauRate(0.1, 1, 1e-4, 0, 0.05)));
  }

  @ParameterizedTest
  @MethodSource("plateaus")
  void lowersTheRateOnAPlateauAsPyTorchDoesAlsoFromASavedState(String name, PlateauRate rate) {
    List<Double> losses = TorchReference.numbers("losses");
    List<Double> expected = TorchReference.numbers("plateau", name);
    assertThat(new HashSet<>(expected)).hasSizeGreaterThan(2);
    RateSchedule schedule = rate.over(PLAN);
    for (int epoch = 0; epoch < losses.size(); epoch++) {
      RateSchedule next = rate.over(PLAN);
      next.restore(schedule.state());
      next.epochFinished(losses.get(epoch));
      assertThat(next.factor(0))
          .describedAs("%s after epoch %d", name, epoch)
          .isCloseTo(expected.get(epoch), within(1e-12));
      schedule = next;
    }
  }

  @Test
  void seesANegativeLossFall() {
    RateSchedule schedule = LearningRate.reduceOnPlateau().patience(0).over(PLAN);
    for (double loss : new double[] {-1, -2, -3}) {
      schedule.epochFinished(loss);
    }
    assertThat(schedule.factor(0)).isEqualTo(1);
    schedule.epochFinished(-3);
    assertThat(schedule.factor(0)).isEqualTo(0.5);
  }

  @Test
  void keepsTheRateAfterTheWarmup() {
    RateSchedule schedule = LearningRate.constant().warmup(3).over(PLAN);
    assertThat(Stream.of(0, 1, 2, 3, 40).map(schedule::factor))
        .containsExactly(0.25, 0.5, 0.75, 1.0, 1.0);
    assertThat(LearningRate.constant().over(PLAN).factor(0)).isEqualTo(1);
  }

  @Test
  void staysFiniteInATrainingOfOneStep() {
    LearningRate.Plan one = new LearningRate.Plan(1, 1);
    for (LearningRate rate :
        List.of(
            LearningRate.cosine().warmupShare(0.5),
            LearningRate.oneCycle(),
            LearningRate.oneCycle().rise(0.999),
            LearningRate.step(1, 0.1))) {
      assertThat(rate.over(one).factor(0)).isBetween(1e-9, 1.0);
      assertThat(rate.over(one).factor(5)).isBetween(0.0, 1.0);
    }
  }

  static Stream<LearningRate> values() {
    return Stream.of(
        LearningRate.constant().warmup(10),
        LearningRate.cosine().warmupShare(0.05).floor(0.01),
        new StepRate(100, StepRate.Unit.STEPS, 0.7),
        LearningRate.oneCycle().rise(0.2),
        LearningRate.reduceOnPlateau().patience(4).factor(0.2));
  }

  @ParameterizedTest
  @MethodSource("values")
  void comesBackFromItsSettings(LearningRate rate) {
    assertThat(rate.settings()).containsEntry("name", rate.name());
    assertThat(LearningRate.of(rate.settings())).isEqualTo(rate);
    assertThat(LearningRate.of(Map.of("name", rate.name()))).isNotEqualTo(rate);
  }

  @Test
  void saysWhatIsWrongWithSettings() {
    refuses(
        Map.of("name", "exponential"),
        "there is no learning-rate schedule \"exponential\" (known: constant, cosine, step,"
            + " one_cycle and plateau)");
    refuses(
        Map.of("name", "cosine", "warmup", "3"),
        "cosine has no setting [warmup] (known: [name, warmup_steps, warmup_share, floor])");
    refuses(Map.of("name", "cosine", "floor", "2"), "floor: 2.0 (expected: in [0, 1])");
    refuses(Map.of("name", "step", "every", "x"), "every: x (expected: a whole number)");
    refuses(
        Map.of("name", "step", "unit", "days"), "unit: days (expected: one of [epochs, steps])");
    refuses(
        Map.of("name", "constant", "warmup_steps", "3", "warmup_share", "0.1"),
        "warmup share: 0.1 (expected: 0 beside a number of steps)");
  }

  private static void refuses(Map<String, String> settings, String why) {
    assertThatThrownBy(() -> LearningRate.of(settings).name())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessage("Cannot make a learning-rate schedule from " + settings + ": " + why);
  }

  @Test
  void tellsWhetherItDependsOnThePlannedLength() {
    assertThat(LearningRate.cosine().dependsOnLength()).isTrue();
    assertThat(LearningRate.oneCycle().dependsOnLength()).isTrue();
    assertThat(LearningRate.constant().warmupShare(0.1).dependsOnLength()).isTrue();
    assertThat(LearningRate.constant().warmup(10).dependsOnLength()).isFalse();
    assertThat(LearningRate.step(1, 0.5).dependsOnLength()).isFalse();
    assertThat(LearningRate.reduceOnPlateau().dependsOnLength()).isFalse();
  }
}
