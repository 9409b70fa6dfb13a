package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The exchange on memory of the CPU, with a fake in NCCL's place. */
@Timeout(60)
class NcclCollectiveTest {
  private final FakeNccl nccl = new FakeNccl();
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private NDManager manager;

  @BeforeEach
  void openManager() {
    manager = TorchEngine.start().newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    manager.close();
  }

  private NcclCollective collective(Duration patience) {
    return new NcclCollective(nccl.library(), nccl, List.of(0, 1), patience);
  }

  private NcclCollective collective() {
    return collective(Duration.ofMinutes(1));
  }

  /** A rank of its own that waits for the other one. */
  private Future<?> waiting(NcclCollective collective, int rank) {
    NDArray buffer = manager.ones(new Shape(4));
    Future<?> waiting = threads.submit(() -> collective.allReduce(rank, buffer));
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(nccl::isWaiting);
    return waiting;
  }

  private static Throwable failureOf(Future<?> rank) throws InterruptedException {
    try {
      rank.get();
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
    throw new AssertionError("the rank did not fail");
  }

  @Test
  void sumsTheBuffersOfAllRanksInPlace() throws Exception {
    try (NcclCollective collective = collective()) {
      NDArray first = manager.create(new float[] {1, 2, 3});
      NDArray second = manager.create(new float[] {10, 20, 30});
      for (int round = 1; round <= 3; round++) {
        Future<?> other = threads.submit(() -> collective.allReduce(1, second));
        collective.allReduce(0, first);
        other.get();
      }
      // Doubled each round after the first sum of 11, 22, 33.
      assertThat(first.toFloatArray()).containsExactly(44, 88, 132);
      assertThat(second.toFloatArray()).containsExactly(44, 88, 132);
    }
    assertThat(nccl.calls())
        .containsExactly("group end", "finalize 0", "finalize 1", "destroy 0", "destroy 1");
  }

  @Test
  void sumsOnlyTheBufferThatAViewCovers() throws Exception {
    try (NcclCollective collective = collective()) {
      NDArray whole = manager.ones(new Shape(6));
      NDArray other = manager.ones(new Shape(2));
      Future<?> rank = threads.submit(() -> collective.allReduce(1, other));
      collective.allReduce(0, whole.get("2:4"));
      rank.get();
      assertThat(whole.toFloatArray()).containsExactly(1, 1, 2, 2, 1, 1);
    }
  }

  @Test
  void refusesABufferThatIsNotFloat32() {
    try (NcclCollective collective = collective()) {
      NDArray buffer = manager.zeros(new Shape(2), DataType.FLOAT64);
      assertThatThrownBy(() -> collective.allReduce(0, buffer))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("array: float64 (expected: FLOAT32");
    }
  }

  @Test
  void aRankThatFailsEndsTheOthersWithItsOwnError() throws Exception {
    try (NcclCollective collective = collective()) {
      Future<?> waiting = waiting(collective, 0);
      IllegalStateException cause = new IllegalStateException("rank 1 lost its model");
      collective.abort(cause);

      assertThat(failureOf(waiting)).isSameAs(cause);
      assertThatThrownBy(() -> collective.allReduce(1, manager.ones(new Shape(4)))).isSameAs(cause);
    }
    assertThat(nccl.calls()).containsExactly("group end", "abort 0", "abort 1");
  }

  @Test
  void anErrorThatNcclMeetsLaterEndsAllRanks() throws Exception {
    try (NcclCollective collective = collective()) {
      Future<?> waiting = waiting(collective, 1);
      nccl.failLater(FakeNccl.UNHANDLED_CUDA_ERROR);

      assertThat(failureOf(waiting))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEVICE_FAILURE))
          .hasMessageContaining("Cannot exchange gradients between GPUs [0, 1] with NCCL 2.26.2")
          .hasMessageContaining("unhandled cuda error (NCCL error 1: Cuda failure 'no device')")
          .hasMessageContaining("NCCL_DEBUG=WARN");
    }
    assertThat(nccl.calls()).contains("abort 0", "abort 1").doesNotContain("destroy 0");
  }

  @Test
  void theWatchFindsAnErrorWhenNoRankIsInACall() {
    try (NcclCollective collective = collective()) {
      nccl.failLater(FakeNccl.UNHANDLED_CUDA_ERROR);
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> nccl.calls().contains("abort 1"));
      assertThatThrownBy(() -> collective.allReduce(0, manager.ones(new Shape(4))))
          .isInstanceOf(HdlException.class)
          .hasMessageContaining("an exchange on GPU 0: unhandled cuda error");
    }
  }

  @Test
  void ranksThatDoNotComeInTimeAreNamed() throws Exception {
    try (NcclCollective collective = collective(Duration.ofMillis(300))) {
      assertThat(failureOf(waiting(collective, 0)))
          .isInstanceOf(HdlException.class)
          .hasMessageContaining("of 2 replicas those numbered [1] did not come within PT0.3S");
    }
  }

  @Test
  void aStartThatFailsTellsWhatNcclSaid() {
    nccl.initResult = FakeNccl.UNHANDLED_CUDA_ERROR;
    assertThatThrownBy(this::collective)
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENVIRONMENT_MISMATCH))
        .hasMessageContaining("Cannot connect GPUs [0, 1] with NCCL 2.26.2, a fake")
        .hasMessageContaining("ncclCommInitRankConfig: unhandled cuda error (NCCL error 1")
        .hasMessageContaining("Determinism.portable");
    // A group that is left open would swallow all later calls of the thread.
    assertThat(nccl.calls()).containsExactly("group end");
  }

  @Test
  void aStartInProgressIsWaitedFor() {
    nccl.initResult = NcclFunctions.IN_PROGRESS;
    nccl.endResult = NcclFunctions.IN_PROGRESS;
    try (NcclCollective collective = collective()) {
      assertThat(collective.size()).isEqualTo(2);
      assertThat(nccl.gpus()).containsExactly(0, 1);
      assertThat(collective.library()).isEqualTo("2.26.2, a fake");
    }
  }

  @Test
  void refusesTheCpu() {
    assertThatThrownBy(() -> NcclCollective.of(List.of(Device.cpu())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(expected: GPUs)");
  }
}
