package io.hdl.train.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class EngineFailureTest {
  @Test
  void namesExhaustedMemory() {
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      EngineException said =
          Assertions.catchThrowableOfType(
              EngineException.class, () -> manager.zeros(new Shape(1L << 50)));
      HdlException failure = EngineFailure.of("train", said);
      assertThat(failure.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
      assertThat(failure)
          .hasMessageContaining("Cannot train: memory is exhausted")
          .hasMessageContaining("Choose a smaller batch size");
    }
  }

  @Test
  void keepsWhatPyTorchSays() {
    HdlException failure =
        EngineFailure.of("forecast", new EngineException("sizes differ\n  at native code"));
    assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(failure).hasMessageContaining("Cannot forecast: PyTorch failed: sizes differ.");
  }
}
