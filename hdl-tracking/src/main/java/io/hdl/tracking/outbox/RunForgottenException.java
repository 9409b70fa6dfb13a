package io.hdl.tracking.outbox;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;

/** A destination has lost what it had. Offered again, everything is made anew. */
public final class RunForgottenException extends HdlException {
  private static final long serialVersionUID = 1L;

  /** What is not there any more, where, and what happens now. */
  public RunForgottenException(String message) {
    super(ErrorCode.NOT_FOUND, message);
  }
}
