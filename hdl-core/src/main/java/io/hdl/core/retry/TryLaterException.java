package io.hdl.core.retry;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A service that is there but asks to be left alone for a while, as with HTTP 429 and 503. {@link
 * RetryPolicy} waits at least that long.
 */
public final class TryLaterException extends HdlException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  /** A refusal with the time to wait; zero if the service named none. */
  public TryLaterException(String message, Duration retryAfter) {
    this(message, retryAfter, null);
  }

  /** A refusal with the time to wait, zero if the service named none, and what brought it about. */
  public TryLaterException(String message, Duration retryAfter, @Nullable Throwable cause) {
    super(ErrorCode.UNAVAILABLE, message, cause);
    this.retryAfter = retryAfter;
  }

  /** How long to wait before the next try; zero if the service named no time. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
