package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import io.hdl.train.model.PatchTst;
import io.hdl.train.parallel.SampleWindows.Trained;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchNormTest {
  private static final SampleWindows WINDOWS = SampleWindows.of(6);
  private static final PatchTst MODEL =
      PatchTst.defaults()
          .patches(6, 3)
          .width(16, 4)
          .feedForward(16)
          .layers(1)
          .norm(PatchTst.Norm.BATCH);

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void runningStatisticsAreTrainedWithTheWeightsAndTheSameOnAllReplicas(int replicas) {
    assertThat(MODEL.notPortable()).isPresent();
    Trained trained =
        WINDOWS.train(
            Collections.nCopies(replicas, Device.cpu()), Determinism.fastest(), MODEL, 20, 40);
    assertThat(trained.checksums()).hasSize(replicas);
    assertThat(trained.lastLoss()).isLessThan(0.9 * trained.firstLoss());
    // A forecast that is made with the statistics of the beginning would be far off.
    assertThat(trained.heldOutLoss()).isLessThan(2 * trained.lastLoss());
  }

  @Test
  void theyLieBesideTheWeights() {
    try (ReplicaGroup group =
        WINDOWS.group(Collections.nCopies(1, Device.cpu()), Determinism.fastest(), MODEL)) {
      Map<String, Shape> shapes = group.parameters().shapes();
      int offset = 0;
      for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
        if (entry.getKey().equals("encoder0.hidden_norm.running_mean")) {
          break;
        }
        offset += (int) entry.getValue().size();
      }
      float[] before = group.parameters().toArray();
      WINDOWS.steps(group, 20, 3);
      float[] after = group.parameters().toArray();
      int end = offset + 16;
      assertThat(Arrays.copyOfRange(before, offset, end)).containsOnly(0);
      assertThat(Arrays.copyOfRange(after, offset, end)).doesNotContain(0);
      group.parameters().set(before);
      assertThat(group.parameters().toArray()).isEqualTo(before);
      group.restore(after, group.optimizer().state(), 3);
      assertThat(group.parameters().toArray()).isEqualTo(after);
    }
  }
}
