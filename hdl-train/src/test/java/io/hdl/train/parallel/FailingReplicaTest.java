package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.WindowShape;
import io.hdl.train.optim.Adam;
import io.hdl.train.optim.FlatOptimizer;
import io.hdl.train.optim.Optimizer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One of three replicas fails in the third step, at each place where one can. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FailingReplicaTest {
  private static final SampleWindows WINDOWS = SampleWindows.of(3);
  private static final List<Device> DEVICES = Collections.nCopies(3, Device.cpu());
  private static final int BATCH = 12;

  /** A model whose replica of a number gets another treatment of its output while armed. */
  private static final class Treated implements ForecastModel {
    final ForecastModel inner = DLinear.defaults();
    final AtomicInteger made = new AtomicInteger();
    final AtomicBoolean armed = new AtomicBoolean();
    final int replica;
    final UnaryOperator<NDArray> treatment;

    Treated(int replica, UnaryOperator<NDArray> treatment) {
      this.replica = replica;
      this.treatment = treatment;
    }

    @Override
    public String name() {
      return "treated";
    }

    @Override
    public Map<String, String> settings() {
      return inner.settings();
    }

    @Override
    public Block block(WindowShape window, long seed) {
      return new TreatedBlock(inner.block(window, seed), made.getAndIncrement() == replica);
    }

    private final class TreatedBlock extends AbstractBlock {
      private final Block block;
      private final boolean mine;

      TreatedBlock(Block block, boolean mine) {
        this.block = addChildBlock("inner", block);
        this.mine = mine;
      }

      @Override
      protected NDList forwardInternal(
          ParameterStore store, NDList in, boolean training, PairList<String, Object> params) {
        NDList output = block.forward(store, in, training, params);
        return mine && armed.get() ? new NDList(treatment.apply(output.get(0))) : output;
      }

      @Override
      public Shape[] getOutputShapes(Shape[] inputShapes) {
        return block.getOutputShapes(inputShapes);
      }

      @Override
      protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
        block.initialize(manager, type, shapes);
      }
    }
  }

  private static Throwable thirdStepOf(Treated model) {
    try (ReplicaGroup group = WINDOWS.group(DEVICES, Determinism.fastest(), model)) {
      WINDOWS.steps(group, BATCH, 2);
      List<Long> before = group.each(Replica::managedArrays);
      model.armed.set(true);
      Throwable thrown = catchThrowable(() -> WINDOWS.steps(group, BATCH, 1));
      assertThat(group.each(Replica::managedArrays)).isEqualTo(before);
      assertThatThrownBy(() -> WINDOWS.steps(group, BATCH, 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("The replicas have failed before");
      return thrown;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void inTheForwardPass(int replica) {
    IllegalStateException failure = new IllegalStateException("forward fails");
    Treated model =
        new Treated(
            replica,
            output -> {
              throw failure;
            });
    assertThat(thirdStepOf(model)).isSameAs(failure);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void inTheBackwardPass(int replica) {
    // The exponential's backward needs what is overwritten here.
    Treated model = new Treated(replica, output -> output.exp().addi(1));
    assertThat(thirdStepOf(model))
        .isInstanceOf(HdlException.class)
        .hasCauseInstanceOf(EngineException.class)
        .hasMessageContaining("Cannot train: PyTorch failed: ")
        .hasMessageContaining("modified by an inplace operation");
  }

  @Test
  void withoutMemoryAndSaysWhatIsAllocated() {
    Treated model =
        new Treated(
            1,
            output -> {
              throw new EngineException(
                  "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.");
            });
    assertThat(thirdStepOf(model))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY))
        .hasMessageContaining("Cannot train: memory is exhausted: DefaultCPUAllocator")
        .hasMessageContaining("What is allocated: replica 0 on cpu() holds 300 weights (1 MiB), ")
        .hasMessageContaining("a micro-batch has 4 windows of 30 steps")
        .hasMessageContaining("Choose a smaller globalBatchSize, a higher accumulation");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void withAnError(int replica) {
    for (Error error : List.of(new OutOfMemoryError("heap"), new StackOverflowError("deep"))) {
      Treated model =
          new Treated(
              replica,
              output -> {
                throw error;
              });
      assertThat(thirdStepOf(model)).isSameAs(error);
    }
  }

  /** Adam until it is armed, then a failure on one replica. */
  private record FailingAdam(int replica, AtomicInteger made, AtomicBoolean armed)
      implements Optimizer {
    @Override
    public String name() {
      return "failing";
    }

    @Override
    public double learningRate() {
      return 0.01;
    }

    @Override
    public Map<String, String> settings() {
      return Map.of();
    }

    @Override
    public FlatOptimizer on(FlatParameters parameters) {
      FlatOptimizer adam = Adam.learningRate(0.01).on(parameters);
      boolean mine = made.getAndIncrement() == replica;
      return new FlatOptimizer() {
        @Override
        public void step(NDList gradients, double maxNorm, double factor) {
          if (mine && armed.get()) {
            throw new IllegalStateException("optimizer fails");
          }
          adam.step(gradients, maxNorm, factor);
        }

        @Override
        public long steps() {
          return adam.steps();
        }

        @Override
        public Map<String, float[]> state() {
          return adam.state();
        }

        @Override
        public void restore(Map<String, float[]> arrays, long stepsDone) {
          adam.restore(arrays, stepsDone);
        }

        @Override
        public void close() {
          adam.close();
        }
      };
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void inTheOptimizer(int replica) {
    AtomicBoolean armed = new AtomicBoolean();
    FailingAdam optimizer = new FailingAdam(replica, new AtomicInteger(), armed);
    ReplicaGroup.Task task = WINDOWS.task(DLinear.defaults(), optimizer);
    try (ReplicaGroup group = ReplicaGroup.of(DEVICES, Determinism.fastest(), task)) {
      WINDOWS.steps(group, BATCH, 2);
      List<Long> before = group.each(Replica::managedArrays);
      armed.set(true);
      assertThatThrownBy(() -> WINDOWS.steps(group, BATCH, 1)).hasMessage("optimizer fails");
      assertThat(group.each(Replica::managedArrays)).isEqualTo(before);
    }
  }

  /** An exchange that fails for one rank while armed. */
  private static final class FailingCollective implements Collective {
    private final Collective inner = new InProcessCollective(DEVICES.size());
    private final AtomicBoolean armed = new AtomicBoolean();

    @Override
    public int size() {
      return inner.size();
    }

    @Override
    public void allReduce(int rank, NDArray buffer) {
      if (rank == 1 && armed.get()) {
        throw new IllegalStateException("exchange fails");
      }
      inner.allReduce(rank, buffer);
    }

    @Override
    public void abort(Throwable cause) {
      inner.abort(cause);
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  @Test
  void inTheExchange() {
    FailingCollective collective = new FailingCollective();
    ReplicaGroup.Task task = WINDOWS.task(DLinear.defaults());
    try (ReplicaGroup group = ReplicaGroup.of(DEVICES, Determinism.fastest(), task, collective)) {
      WINDOWS.steps(group, BATCH, 2);
      collective.armed.set(true);
      assertThatThrownBy(() -> WINDOWS.steps(group, BATCH, 1)).hasMessage("exchange fails");
    }
  }
}
