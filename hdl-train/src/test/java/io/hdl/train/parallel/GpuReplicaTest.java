package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.Models;
import io.hdl.train.parallel.SampleWindows.Trained;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replicas and exchanges on GPUs, held against the CPU; run by {@code mvn verify -Pgpu}. With
 * {@code -Dhdl.test.gpu=rehearse} the CPU takes the place of the GPUs, so that the tests themselves
 * can be tried where there are none; what needs NCCL is skipped then.
 */
@Tag("gpu")
@Timeout(600)
class GpuReplicaTest {
  private static final boolean REHEARSAL = "rehearse".equals(System.getProperty("hdl.test.gpu"));
  private static final SampleWindows WINDOWS = SampleWindows.of(6);
  private static final int STEPS = 20;
  private static final int BATCH = 24;

  static Stream<String> models() {
    return Models.names().stream();
  }

  private static List<Device> gpus(int most) {
    if (REHEARSAL) {
      return Collections.nCopies(most, Device.cpu());
    }
    int found = TorchEngine.gpuCount();
    assertThat(found).as("GPUs that PyTorch sees").isPositive();
    return IntStream.range(0, Math.min(most, found)).mapToObj(Device::gpu).toList();
  }

  private static List<Device> allGpus() {
    assumeTrue(!REHEARSAL, "Skipped: a rehearsal on the CPU has no NCCL.");
    return gpus(Integer.MAX_VALUE);
  }

  @Test
  void nothingIsKnownAgainstThisMachine() {
    HybridEnvironment environment = HybridEnvironment.detect();
    assertThatCode(() -> Preflight.check(environment)).doesNotThrowAnyException();
    System.out.println("preflight: " + Preflight.check(environment).facts());
    if (!REHEARSAL) {
      assertThat(environment.gpus()).hasSize(TorchEngine.gpuCount());
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aReplicaOnAGpuTrainsAsOnTheCpu(String name) {
    ForecastModel model = Models.defaults(name);
    Trained cpu = WINDOWS.train(List.of(Device.cpu()), Determinism.fastest(), model, BATCH, STEPS);
    Trained gpu = WINDOWS.train(gpus(1), Determinism.fastest(), model, BATCH, STEPS);
    assertThat(gpu.firstWeights()).isEqualTo(cpu.firstWeights());
    assertThat(gpu.weights()).isNotEqualTo(gpu.firstWeights());
    assertThat(gpu.firstLoss()).isCloseTo(cpu.firstLoss(), within(1e-4 * cpu.firstLoss()));
    assertThat(gpu.heldOutLoss()).isCloseTo(cpu.heldOutLoss(), within(0.02 * cpu.heldOutLoss()));
    assertThat(gpu.heldOutLoss()).isLessThan(gpu.firstLoss());
  }

  @ParameterizedTest
  @MethodSource("models")
  void portableBitsAreTheSameOnOneGpuAndOnTwo(String name) {
    ForecastModel model = Models.defaults(name);
    assumeTrue(
        model.notPortable().isEmpty(), () -> "Skipped: " + model.notPortable().orElseThrow());
    Trained one = WINDOWS.train(gpus(1), Determinism.portable(4), model, BATCH, STEPS);
    Trained again = WINDOWS.train(gpus(1), Determinism.portable(4), model, BATCH, STEPS);
    assertThat(again.checksums()).isEqualTo(one.checksums());
    List<Device> two = gpus(2);
    assumeTrue(two.size() == 2, "Skipped: this machine has one GPU.");
    Trained both = WINDOWS.train(two, Determinism.portable(4), model, BATCH, STEPS);
    assertThat(both.checksums()).hasSize(2).containsOnly(one.checksums().get(0));
  }

  @Test
  void ncclSumsAsTheFixedOrderDoes() throws Exception {
    List<Device> devices = allGpus();
    for (int length : new int[] {1, 1000, 1 << 20}) {
      List<float[]> values = values(devices.size(), length);
      List<float[]> expected;
      List<float[]> found;
      try (Collective fixed = new InProcessCollective(devices.size())) {
        expected = exchanged(fixed, devices, values);
      }
      try (NcclCollective nccl = NcclCollective.of(devices)) {
        System.out.println("NCCL " + nccl.library() + " on " + devices);
        found = exchanged(nccl, devices, values);
      }
      for (int rank = 0; rank < devices.size(); rank++) {
        assertThat(found.get(rank)).isEqualTo(found.get(0));
        for (int i = 0; i < length; i++) {
          assertThat(found.get(rank)[i]).isCloseTo(expected.get(0)[i], within(1e-5f));
        }
      }
    }
  }

  private static List<float[]> values(int ranks, int length) {
    SplittableRandom random = new SplittableRandom(5);
    List<float[]> values = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      float[] ofRank = new float[length];
      for (int i = 0; i < length; i++) {
        ofRank[i] = (float) random.nextDouble(-1, 1);
      }
      values.add(ofRank);
    }
    return values;
  }

  private static List<float[]> exchanged(
      Collective collective, List<Device> devices, List<float[]> values) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(devices.size());
    try {
      List<Future<float[]>> sums = new ArrayList<>();
      for (int rank = 0; rank < devices.size(); rank++) {
        int own = rank;
        sums.add(
            threads.submit(
                () -> {
                  try (NDManager manager = TorchEngine.start().newBaseManager(devices.get(own))) {
                    NDArray buffer =
                        manager.create(values.get(own), new Shape(values.get(own).length));
                    collective.allReduce(own, buffer);
                    return buffer.toFloatArray();
                  }
                }));
      }
      List<float[]> results = new ArrayList<>();
      for (Future<float[]> sum : sums) {
        results.add(sum.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void replicasWithNcclTrainAsOneDoesUpToRounding() {
    List<Device> devices = allGpus();
    assumeTrue(devices.size() > 1, "Skipped: this machine has one GPU.");
    ForecastModel model = Models.defaults("dlinear");
    Trained one = WINDOWS.train(gpus(1), Determinism.fastest(), model, BATCH, STEPS);
    Trained all = WINDOWS.train(devices, Determinism.fastest(), model, BATCH, STEPS);
    assertThat(all.checksums()).hasSize(devices.size()).containsOnly(all.checksums().get(0));
    assertThat(all.heldOutLoss()).isCloseTo(one.heldOutLoss(), within(1e-3));
    Map<String, String> found = Preflight.checkExchange(devices, Determinism.fastest()).facts();
    System.out.println("exchange: " + found);
  }

  @Test
  void aReplicaThatFailsEndsTheOthersThatWaitInNccl() {
    List<Device> devices = allGpus();
    assumeTrue(devices.size() > 1, "Skipped: this machine has one GPU.");
    IllegalStateException cause = new IllegalStateException("rank 0 failed");
    NcclCollective nccl = NcclCollective.of(devices);
    Thread waiting =
        new Thread(
            () -> {
              try (NDManager manager = TorchEngine.start().newBaseManager(devices.get(1))) {
                NDArray buffer = manager.ones(new Shape(1000));
                nccl.allReduce(1, buffer);
                buffer.toFloatArray();
              } catch (IllegalStateException expected) {
                // Where it is depends on how far NCCL came.
              }
            });
    waiting.start();
    nccl.abort(cause);
    assertThatCode(() -> waiting.join(60_000)).doesNotThrowAnyException();
    assertThat(waiting.isAlive()).isFalse();
    nccl.close();
  }
}
