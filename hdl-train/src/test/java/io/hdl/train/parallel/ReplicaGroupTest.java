package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.pytorch.jni.JniUtils;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.NHits;
import io.hdl.train.model.WindowShape;
import io.hdl.train.parallel.SampleWindows.Trained;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaGroupTest {
  private static final SampleWindows WINDOWS = SampleWindows.of(6);
  private static final ForecastModel MODEL = NHits.defaults();

  private static List<Device> cpus(int replicas) {
    return Collections.nCopies(replicas, Device.cpu());
  }

  @Test
  void portableBitsDoNotDependOnTheNumberOfReplicas() {
    Trained one = WINDOWS.train(cpus(1), Determinism.portable(8), MODEL, 20, 20);
    assertThat(one.weights()).isNotEqualTo(one.firstWeights());
    assertThat(one.lastLoss()).isLessThan(0.8 * one.firstLoss());
    for (int replicas : new int[] {1, 2, 4, 8}) {
      Trained other = WINDOWS.train(cpus(replicas), Determinism.portable(8), MODEL, 20, 20);
      assertThat(other.checksums()).hasSize(replicas).containsOnly(one.checksums().get(0));
      assertThat(other.losses()).isEqualTo(one.losses());
      assertThat(other.heldOutLoss()).isEqualTo(one.heldOutLoss());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theSameReplicasGiveTheSameBits(int replicas) {
    Trained first = WINDOWS.train(cpus(replicas), Determinism.fastest(), MODEL, 20, 10);
    Trained second = WINDOWS.train(cpus(replicas), Determinism.fastest(), MODEL, 20, 10);
    assertThat(second.checksums()).isEqualTo(first.checksums());
    assertThat(first.weights()).isNotEqualTo(first.firstWeights());
  }

  @Test
  void replicasAndAccumulationTrainAsOneReplicaDoesUpToRounding() {
    Trained one = WINDOWS.train(cpus(1), Determinism.fastest(), DLinear.defaults(), 21, 20);
    Trained three = WINDOWS.train(cpus(3), Determinism.fastest(), DLinear.defaults(), 21, 20);
    Trained parted = WINDOWS.accumulating(2).train(cpus(2), DLinear.defaults(), 21, 20);
    for (Trained other : List.of(three, parted)) {
      for (int i = 0; i < one.weights().length; i++) {
        assertThat(other.weights()[i]).isCloseTo(one.weights()[i], within(1e-4f));
      }
      assertThat(other.heldOutLoss()).isCloseTo(one.heldOutLoss(), within(1e-3));
    }
    assertThat(three.weights()).isNotEqualTo(one.weights());
  }

  @Test
  void aStepLeavesNoArraysBehind() {
    for (Determinism determinism : List.of(Determinism.fastest(), Determinism.portable(4))) {
      try (ReplicaGroup group = WINDOWS.group(cpus(2), determinism, MODEL)) {
        WINDOWS.steps(group, 20, 1);
        WINDOWS.heldOut(group);
        List<Long> before = group.each(Replica::managedArrays);
        WINDOWS.steps(group, 20, 5);
        group.takeLoss();
        WINDOWS.heldOut(group);
        assertThat(group.each(Replica::managedArrays)).isEqualTo(before);
      }
    }
  }

  @Test
  void weightsThatDifferNameTheReplica() {
    try (ReplicaGroup group = WINDOWS.group(cpus(3), Determinism.fastest(), MODEL)) {
      WINDOWS.steps(group, 20, 2);
      assertThat(group.checksums()).hasSize(3);
      float[] weights = group.replica(1).parameters().toArray();
      weights[7] = Math.nextUp(weights[7]);
      group.replica(1).parameters().set(weights);
      assertThatThrownBy(group::checksums)
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEVICE_FAILURE))
          .hasMessageContaining("The weights of replica 1 on cpu() (SHA-256 ")
          .hasMessageContaining("differ from those of replica 0 on cpu()");
    }
  }

  @Test
  void givesTheCallersThreadItsThreadsBack() {
    int before = JniUtils.getNumThreads();
    JniUtils.setNumThreads(2);
    try {
      try (ReplicaGroup group = WINDOWS.group(cpus(1), Determinism.portable(2), MODEL)) {
        assertThat(JniUtils.getNumThreads()).isEqualTo(1);
        assertThat(group.size()).isEqualTo(1);
      }
      assertThat(JniUtils.getNumThreads()).isEqualTo(2);
    } finally {
      JniUtils.setNumThreads(before);
    }
  }

  @Test
  void theTimesOfStepsSumToTheWallTime() {
    try (ReplicaGroup group = WINDOWS.group(cpus(2), Determinism.fastest(), MODEL)) {
      WINDOWS.steps(group, 20, 5);
      group.times().begin();
      long begun = System.nanoTime();
      WINDOWS.steps(group, 20, 20);
      group.times().book(StepTimes.Phase.BOOKKEEPING);
      long wall = System.nanoTime() - begun;
      assertThat((double) group.times().totalNanos()).isCloseTo((double) wall, withinPercentage(2));
      for (StepTimes.Phase phase : StepTimes.Phase.values()) {
        if (phase != StepTimes.Phase.INPUT) {
          assertThat(group.times().nanos(phase)).as("%s", phase).isPositive();
        }
      }
    }
  }

  /** A model whose Block gives a step too many. */
  private record OneStepTooMany(ForecastModel inner) implements ForecastModel {
    @Override
    public String name() {
      return "too-long";
    }

    @Override
    public Map<String, String> settings() {
      return inner.settings();
    }

    @Override
    public Block block(WindowShape window, long seed) {
      return inner.block(
          new WindowShape(
              window.context(),
              window.horizon() + 1,
              window.pastFeatures(),
              window.knownFeatures(),
              window.constants(),
              window.outputs()),
          seed);
    }
  }

  @Test
  void aBlockThatDoesNotFitIsRefusedWithBothShapes() {
    ForecastModel model = new OneStepTooMany(DLinear.defaults());
    assertThatThrownBy(() -> WINDOWS.group(cpus(1), Determinism.fastest(), model))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessage(
            "Cannot train the model \"too-long\": its Block gives (2, 7, 1) for 2 windows"
                + " (expected: (2, 6, 1), windows by horizon by outputs of the loss mae). Give a"
                + " Block that fits context, horizon and loss.");
  }

  /** A model whose Block gives values that no loss and no forecast can be made of. */
  private record InFloat64(ForecastModel inner) implements ForecastModel {
    @Override
    public String name() {
      return "in-float64";
    }

    @Override
    public Map<String, String> settings() {
      return inner.settings();
    }

    @Override
    public Block block(WindowShape window, long seed) {
      return new SequentialBlock()
          .add(inner.block(window, seed))
          .addSingleton(values -> values.toType(DataType.FLOAT64, false));
    }
  }

  @Test
  void aBlockOfAnotherTypeIsRefusedBeforeItsValuesAreRead() {
    ForecastModel model = new InFloat64(DLinear.defaults());
    assertThatThrownBy(() -> WINDOWS.group(cpus(1), Determinism.fastest(), model))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessageContaining(
            "its Block gives values of type float64 (expected: float32). Give a Block");
  }
}
