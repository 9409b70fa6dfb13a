package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.hdl.train.model.BlockModel;
import io.hdl.train.parallel.SampleWindows.Trained;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * A user's Block multiplies by numbers, and the garbage collector runs before the backward pass.
 */
class KeptNumbersTest {
  private static final int TIMES = 60;
  private static final SampleWindows WINDOWS = SampleWindows.of(2);

  private final List<ByteBuffer> garbage = new ArrayList<>();

  private Trained trained(Determinism determinism, Function<NDArray, NDArray> calculation) {
    BlockModel model =
        BlockModel.named(
                "scaled",
                window ->
                    new SequentialBlock()
                        .add(Linear.builder().setUnits(window.horizon()).build())
                        .addSingleton(calculation)
                        .addSingleton(this::collectGarbage))
            .targetOnly();
    return WINDOWS.train(List.of(Device.cpu()), determinism, model, 8, 3);
  }

  /** Takes back the memory of lost buffers and writes into it. */
  private NDArray collectGarbage(NDArray values) {
    for (int round = 0; round < 2; round++) {
      System.gc();
      for (int i = 0; i < 2_000; i++) {
        ByteBuffer other = ByteBuffer.allocateDirect(Float.BYTES);
        other.asIntBuffer().put(0, 0x7fc07fc0); // NaN in either order of bytes
        garbage.add(other);
      }
    }
    return values;
  }

  private static NDArray byArrays(NDArray values) {
    NDArray result = values;
    for (int i = 0; i < TIMES; i++) {
      result = result.add(result);
    }
    for (int i = 0; i < TIMES; i++) {
      result = result.mul(result.onesLike().div(result.onesLike().add(result.onesLike())));
    }
    return result;
  }

  private static NDArray byNumbers(NDArray values) {
    NDArray result = values;
    for (int i = 0; i < TIMES; i++) {
      result = result.mul(2);
    }
    for (int i = 0; i < TIMES; i++) {
      result = result.mul(0.5f);
    }
    return result;
  }

  private static NDArray byNumbersOfItsOwnManager(NDArray values) {
    NDArray result = values;
    for (int i = 0; i < TIMES; i++) {
      try (NDManager own = values.getManager().newSubManager()) {
        result = result.mul(own.create(2f)).mul(own.create(0.5f));
      }
    }
    return result;
  }

  @Test
  void gradientsPassThroughTheNumbersOfABlock() {
    for (Determinism determinism : List.of(Determinism.fastest(), Determinism.portable(2))) {
      Trained expected = trained(determinism, KeptNumbersTest::byArrays);
      assertThat(expected.weights()).doesNotContain(Float.NaN);
      assertThat(expected.weights()).isNotEqualTo(expected.firstWeights());
      assertThat(trained(determinism, KeptNumbersTest::byNumbers).weights())
          .containsExactly(expected.weights());
      assertThat(trained(determinism, KeptNumbersTest::byNumbersOfItsOwnManager).weights())
          .containsExactly(expected.weights());
    }
    assertThat(garbage).isNotEmpty();
  }

  @Test
  void aClosedManagerKeepsNothing() {
    try (NDManager base = TorchEngine.start().newBaseManager()) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(Float.BYTES);
      WeakReference<ByteBuffer> memory = new WeakReference<>(buffer);
      try (NDManager step = base.newSubManager()) {
        KeptNumbers.in(step);
        step.create(buffer, new Shape(), DataType.FLOAT32).close();
        assertThat(step.getManagedArrays()).isEmpty();
        buffer = null;
        System.gc();
        assertThat(memory.get()).isNotNull();
      }
      System.gc();
      assertThat(memory.get()).isNull();
    }
  }

  @Test
  void isMadeBeforeTheFirstArray() {
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      assertThat(manager.create(1f).getFloat()).isEqualTo(1);
      assertThatThrownBy(() -> KeptNumbers.in(manager))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The manager holds 1 arrays already");
    }
  }
}
