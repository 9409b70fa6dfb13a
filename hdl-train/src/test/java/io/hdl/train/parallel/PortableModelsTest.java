package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.Models;
import io.hdl.train.model.PatchTst;
import io.hdl.train.parallel.SampleWindows.Trained;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All models that come with hdl, on 1, 2, 4 and 8 replicas. */
class PortableModelsTest {
  private static final int STEPS = 10;
  private static final SampleWindows WINDOWS = SampleWindows.of(4);

  static List<String> models() {
    return Models.names();
  }

  private static ForecastModel model(String name) {
    ForecastModel model = Models.defaults(name);
    return model instanceof PatchTst patches ? patches.norm(PatchTst.Norm.LAYER) : model;
  }

  private static Trained trained(ForecastModel model, int replicas) {
    List<Device> devices = Collections.nCopies(replicas, Device.cpu());
    return WINDOWS.train(devices, Determinism.portable(8), model, 16, STEPS);
  }

  @ParameterizedTest
  @MethodSource("models")
  void weightsAreTheSameBitsForAnyNumberOfReplicas(String name) {
    ForecastModel model = model(name);
    assertThat(model.notPortable()).isEmpty();
    Trained one = trained(model, 1);
    assertThat(one.weights()).isNotEqualTo(one.firstWeights());
    assertThat(one.lastLoss()).isLessThan(one.firstLoss());
    for (int replicas : new int[] {2, 4, 8}) {
      Trained other = trained(model, replicas);
      assertThat(other.checksums()).hasSize(replicas).containsOnly(one.checksums().get(0));
      assertThat(other.losses()).isEqualTo(one.losses());
    }
  }
}
