package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.Device;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.Models;
import io.hdl.train.model.NBeats;
import io.hdl.train.model.NHits;
import io.hdl.train.model.PatchTst;
import io.hdl.train.model.Tide;
import io.hdl.train.model.TsMixer;
import io.hdl.train.parallel.SampleWindows.Trained;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training with linear layers in bfloat16, beside float32. */
class MixedPrecisionTest {
  private static final int STEPS = 40;
  private static final int FEW = 8;
  private static final int BATCH = 22;
  private static final SampleWindows FULL = SampleWindows.of(4);
  private static final SampleWindows MIXED = FULL.in(Precision.BFLOAT16);

  static List<ForecastModel> models() {
    return List.of(
        NBeats.defaults().stacks(NBeats.Stack.generic(2, 2, 32)),
        NHits.defaults().hidden(32),
        PatchTst.defaults()
            .patches(8, 4)
            .width(16, 2)
            .feedForward(16)
            .layers(1)
            .norm(PatchTst.Norm.LAYER),
        Tide.defaults().hidden(32),
        TsMixer.defaults().blocks(1).hidden(16));
  }

  private static List<Device> cpu(int replicas) {
    return Collections.nCopies(replicas, Device.cpu());
  }

  private static Trained trained(
      SampleWindows windows, ForecastModel model, int replicas, int steps) {
    return windows.train(cpu(replicas), Determinism.portable(8), model, BATCH, steps);
  }

  private static double last(Trained trained) {
    int losses = trained.losses().size();
    return trained.losses().subList(losses - 4, losses).stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("models")
  void learnsAsInFloat32WithOtherBits(ForecastModel model) {
    Trained full = trained(FULL, model, 1, STEPS);
    Trained mixed = trained(MIXED, model, 1, STEPS);
    assertThat(mixed.firstWeights()).isEqualTo(full.firstWeights());
    assertThat(mixed.weights())
        .doesNotContain(Float.NaN)
        .isNotEqualTo(mixed.firstWeights())
        .isNotEqualTo(full.weights());
    assertThat(last(full)).isLessThan(0.9 * full.firstLoss());
    for (int i = 0; i < full.losses().size(); i++) {
      assertThat(mixed.losses().get(i))
          .as("losses of steps " + 5 * i + " to " + (5 * i + 4))
          .isCloseTo(full.losses().get(i), withinPercentage(10));
    }
    assertThat(last(mixed)).isCloseTo(last(full), withinPercentage(4));
  }

  @ParameterizedTest
  @MethodSource("models")
  void weightsAreTheSameBitsForAnyNumberOfReplicas(ForecastModel model) {
    Trained one = trained(MIXED, model, 1, FEW);
    for (int replicas : new int[] {2, 8}) {
      Trained other = trained(MIXED, model, replicas, FEW);
      assertThat(other.checksums()).hasSize(replicas).containsOnly(one.checksums().get(0));
      assertThat(other.losses()).isEqualTo(one.losses());
      assertThat(other.heldOutLoss()).isEqualTo(one.heldOutLoss());
    }
  }

  @Test
  @Tag("long")
  void repeatedRunsAndAnyNumberOfReplicasGiveTheSameBitsAfterManySteps() {
    for (ForecastModel model : models()) {
      Set<String> checksums = new HashSet<>();
      for (int replicas : new int[] {1, 1, 2, 4, 8}) {
        List<Device> devices = Collections.nCopies(replicas, Device.cpu());
        checksums.addAll(MIXED.train(devices, Determinism.portable(8), model, 11, 200).checksums());
      }
      assertThat(checksums).as(model.name()).hasSize(1);
    }
  }

  @Test
  void scoresInFloat32() {
    NHits model = NHits.defaults().hidden(32);
    try (ReplicaGroup full = FULL.group(cpu(1), Determinism.fastest(), model);
        ReplicaGroup mixed = MIXED.group(cpu(1), Determinism.fastest(), model)) {
      assertThat(MIXED.heldOut(mixed)).isEqualTo(FULL.heldOut(full));
      assertThat(MIXED.steps(mixed, BATCH, 5)).isNotEqualTo(FULL.steps(full, BATCH, 5));
      full.set(mixed.parameters().toArray());
      assertThat(MIXED.heldOut(mixed)).isEqualTo(FULL.heldOut(full));
    }
  }

  @Test
  void leavesNoArraysBehind() {
    try (ReplicaGroup group = MIXED.group(cpu(2), Determinism.fastest(), models().get(0))) {
      MIXED.steps(group, BATCH, 1);
      MIXED.heldOut(group);
      List<Long> before = group.each(Replica::managedArrays);
      MIXED.steps(group, BATCH, 5);
      MIXED.heldOut(group);
      assertThat(group.each(Replica::managedArrays)).isEqualTo(before);
    }
  }

  @Test
  void refusesAModelThatCannot() {
    assertThatThrownBy(() -> MIXED.group(cpu(1), Determinism.fastest(), Models.defaults("deepar")))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessageContaining(
            "precision: BFLOAT16 with the model deepar (expected: FLOAT32, as its recurrent cells"
                + " compute in float32 alone)");
  }
}
