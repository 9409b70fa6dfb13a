package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An answer that is no success. */
final class ServerException extends HdlException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String mlflowCode;
  private final transient @Nullable Duration retryAfter;

  ServerException(
      ErrorCode code,
      String message,
      int status,
      String mlflowCode,
      @Nullable Duration retryAfter) {
    super(code, message);
    this.status = status;
    this.mlflowCode = mlflowCode;
    this.retryAfter = retryAfter;
  }

  int status() {
    return status;
  }

  /** MLflow's own code, such as {@code RESOURCE_DOES_NOT_EXIST}; empty if there is none. */
  String mlflowCode() {
    return mlflowCode;
  }

  /** How long the server asks to wait. */
  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Whether the request itself was refused, so that sending it in parts may help. */
  boolean refusesContent() {
    return status == 400 || status == 413 || status == 422;
  }
}
