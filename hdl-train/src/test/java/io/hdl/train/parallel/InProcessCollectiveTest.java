package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InProcessCollectiveTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  /** Pairwise over the ranks, as a tree of floats in Java. */
  private static float tree(float[] leaves) {
    float[] sums = leaves.clone();
    for (int stride = 1; stride < sums.length; stride *= 2) {
      for (int i = 0; i + stride < sums.length; i += 2 * stride) {
        sums[i] += sums[i + stride];
      }
    }
    return sums[0];
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8})
  void sumsPairwiseInTheOrderOfRanksWithTheSameBitsOnAll(int size) throws Exception {
    int length = 1_003;
    SplittableRandom random = new SplittableRandom(size);
    float[][] values = new float[size][length];
    for (float[] of : values) {
      for (int i = 0; i < length; i++) {
        of[i] = (float) (random.nextDouble(-1, 1) * Math.pow(10, random.nextInt(-6, 6)));
      }
    }
    try (NDManager manager = TorchEngine.start().newBaseManager();
        InProcessCollective collective = new InProcessCollective(size)) {
      List<NDArray> buffers = Arrays.stream(values).map(manager::create).toList();
      for (int round = 0; round < 3; round++) {
        List<Future<Boolean>> ranks = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
          int own = rank;
          ranks.add(
              threads.submit(
                  () -> {
                    collective.allReduce(own, buffers.get(own));
                    return true;
                  }));
        }
        for (Future<Boolean> rank : ranks) {
          assertThat(rank.get(30, TimeUnit.SECONDS)).isTrue();
        }
        float[] expected = new float[length];
        for (int i = 0; i < length; i++) {
          int at = i;
          float[] leaves = new float[size];
          for (int rank = 0; rank < size; rank++) {
            leaves[rank] = values[rank][at];
          }
          expected[i] = tree(leaves);
        }
        for (int rank = 0; rank < size; rank++) {
          assertThat(buffers.get(rank).toFloatArray()).containsExactly(expected);
          values[rank] = expected;
        }
      }
    }
  }

  @Test
  void aRankThatAbortsSendsAllOthersAwayWithItsError() throws Exception {
    try (NDManager manager = TorchEngine.start().newBaseManager();
        InProcessCollective collective = new InProcessCollective(3)) {
      Callable<Boolean> one = reduce(collective, 0, manager.zeros(new Shape(4)));
      Callable<Boolean> two = reduce(collective, 2, manager.zeros(new Shape(4)));
      Future<Boolean> first = threads.submit(one);
      Future<Boolean> second = threads.submit(two);
      StackOverflowError cause = new StackOverflowError("rank 1");
      collective.abort(cause);
      collective.abort(new IllegalStateException("too late"));
      for (Future<Boolean> rank : List.of(first, second)) {
        assertThatThrownBy(() -> rank.get(30, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .hasCause(cause);
      }
      assertThatThrownBy(one::call).isSameAs(cause);
    }
  }

  private static Callable<Boolean> reduce(Collective collective, int rank, NDArray buffer) {
    return () -> {
      collective.allReduce(rank, buffer);
      return true;
    };
  }

  @Test
  void aRankThatNeverComesIsNamed() {
    try (NDManager manager = TorchEngine.start().newBaseManager();
        InProcessCollective collective = new InProcessCollective(2, Duration.ofMillis(50))) {
      NDArray buffer = manager.create(new float[] {1});
      assertThatThrownBy(() -> collective.allReduce(0, buffer))
          .isInstanceOf(HdlException.class)
          .hasMessageContaining("of 2 replicas those numbered [1] did not come within PT0.05S");
    }
  }

  @Test
  void buffersOfOtherLengthsAreRefusedOnAllRanks() throws Exception {
    try (NDManager manager = TorchEngine.start().newBaseManager();
        InProcessCollective collective = new InProcessCollective(2)) {
      Future<Boolean> first =
          threads.submit(reduce(collective, 0, manager.create(new float[] {1})));
      Future<Boolean> second =
          threads.submit(reduce(collective, 1, manager.create(new float[] {1, 2})));
      assertThatThrownBy(() -> second.get(30, TimeUnit.SECONDS))
          .hasRootCauseMessage("buffer of rank 0: 1 values (expected: 2, as on every rank)");
      assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS)).isInstanceOf(Exception.class);
    }
  }
}
