package io.hdl.core.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything that hdl throws. A message says what failed, why, and what to do; {@link
 * #code()} is for programs.
 */
public class HdlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /** A failure without a cause of its own. */
  public HdlException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** A failure that another one brought about. */
  public HdlException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  /** What kind of failure this is. */
  public final ErrorCode code() {
    return code;
  }

  /** Whether the same call may succeed later without any change by the caller. */
  public boolean retryable() {
    return code == ErrorCode.UNAVAILABLE || code == ErrorCode.BUSY;
  }
}
