package io.hdl.tracking.outbox;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;

/** A destination has lost a run that it had. Offered again, the run is made anew. */
public final class RunForgottenException extends HdlException {
  private static final long serialVersionUID = 1L;

  /** What is not there any more, where, and what happens now. */
  public RunForgottenException(String message, Throwable cause) {
    super(ErrorCode.NOT_FOUND, message, cause);
  }
}
