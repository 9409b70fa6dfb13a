package io.hdl.train.parallel;

import ai.djl.engine.EngineException;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.Locale;

/** Words what goes wrong inside PyTorch. */
public final class EngineFailure {
  private EngineFailure() {}

  /**
   * The exception that tells people about a failure of the engine.
   *
   * @param action what was tried, as in {@code train}; the message begins {@code Cannot train}
   * @param failure what PyTorch said
   * @return with {@link ErrorCode#OUT_OF_MEMORY} if memory is exhausted, else {@link
   *     ErrorCode#INTERNAL}
   */
  public static HdlException of(String action, EngineException failure) {
    return of(action, failure, "Choose a smaller batch size, context or model.");
  }

  /** The same, with what to say where memory is exhausted. */
  static HdlException of(String action, EngineException failure, String whenExhausted) {
    String said = String.valueOf(failure.getMessage());
    String first = said.lines().findFirst().orElse(said);
    String lower = said.toLowerCase(Locale.ROOT);
    // CUDA says the one, libtorch's allocators for the CPU the others.
    if (lower.contains("out of memory")
        || lower.contains("allocate memory")
        || lower.contains("not enough memory")) {
      return new HdlException(
          ErrorCode.OUT_OF_MEMORY,
          "Cannot " + action + ": memory is exhausted: " + first + ". " + whenExhausted,
          failure);
    }
    return new HdlException(
        ErrorCode.INTERNAL,
        "Cannot "
            + action
            + ": PyTorch failed: "
            + first
            + ". If the model is hdl's own, report it.",
        failure);
  }
}
