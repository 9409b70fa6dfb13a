package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.DeepAr;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.Models;
import io.hdl.train.model.NBeats;
import io.hdl.train.model.NHits;
import io.hdl.train.model.NLinear;
import io.hdl.train.model.PatchTst;
import io.hdl.train.model.Tide;
import io.hdl.train.model.TsMixer;
import io.hdl.train.parallel.SampleWindows.Trained;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All models that come with hdl, small, over 200 steps: long enough for a difference in the last
 * bit to grow. A run with {@code -Plong} shows the other numbers of replicas.
 */
class StepsPortabilityTest {
  private static final int STEPS = 200;
  private static final int BATCH = 11;
  private static final Determinism PORTABLE = Determinism.portable(8);
  private static final SampleWindows WINDOWS = SampleWindows.of(4);

  static List<ForecastModel> models() {
    return List.of(
        DeepAr.defaults().hidden(8).layers(2),
        DLinear.defaults().kernel(5),
        NBeats.defaults().stacks(NBeats.Stack.generic(2, 2, 16)),
        NHits.defaults().hidden(16),
        NLinear.defaults(),
        PatchTst.defaults()
            .patches(8, 4)
            .width(16, 2)
            .feedForward(16)
            .layers(1)
            .norm(PatchTst.Norm.LAYER),
        Tide.defaults().hidden(16),
        TsMixer.defaults().blocks(1).hidden(16));
  }

  private static Trained trained(ForecastModel model, int replicas) {
    List<Device> devices = Collections.nCopies(replicas, Device.cpu());
    return WINDOWS.train(devices, PORTABLE, model, BATCH, STEPS);
  }

  private static double mean(List<Double> losses) {
    return losses.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  @Test
  void everyModelIsAmongThem() {
    assertThat(models().stream().map(ForecastModel::name))
        .containsExactlyElementsOf(Models.names());
  }

  /** What the others are compared with, after a look at whether it has learned. */
  private static Trained learned(ForecastModel model) {
    assertThat(model.notPortable()).isEmpty();
    Trained one = trained(model, 1);
    assertThat(one.weights()).doesNotContain(Float.NaN).isNotEqualTo(one.firstWeights());
    int losses = one.losses().size();
    assertThat(mean(one.losses().subList(losses - 10, losses))).isLessThan(0.95 * one.firstLoss());
    assertThat(one.checksums().get(0)).matches("[0-9a-f]{64}");
    return one;
  }

  private static void requireSameBits(Trained one, ForecastModel model, int replicas) {
    Trained other = trained(model, replicas);
    assertThat(other.checksums()).hasSize(replicas).containsOnly(one.checksums().get(0));
    assertThat(other.losses()).isEqualTo(one.losses());
    assertThat(other.heldOutLoss()).isEqualTo(one.heldOutLoss());
  }

  @ParameterizedTest
  @MethodSource("models")
  void eightReplicasGiveTheBitsOfOne(ForecastModel model) {
    requireSameBits(learned(model), model, 8);
  }

  @ParameterizedTest
  @MethodSource("models")
  @Tag("long")
  void repeatedRunsAndAnyNumberOfReplicasGiveTheSameBits(ForecastModel model) {
    Trained one = learned(model);
    for (int replicas : new int[] {1, 2, 4, 8, 8}) {
      requireSameBits(one, model, replicas);
    }
  }
}
