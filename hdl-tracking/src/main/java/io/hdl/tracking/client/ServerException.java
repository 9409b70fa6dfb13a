package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;

/** An answer of a tracking server that is no success. */
public final class ServerException extends HdlException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String mlflowCode;

  ServerException(ErrorCode code, String message, int status, String mlflowCode) {
    super(code, message);
    this.status = status;
    this.mlflowCode = mlflowCode;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** MLflow's own code, such as {@code RESOURCE_DOES_NOT_EXIST}; empty if there is none. */
  public String mlflowCode() {
    return mlflowCode;
  }

  /** Whether the request itself was refused, so that sending it in parts may help. */
  public boolean refusesContent() {
    return status == 400 || status == 413 || status == 422;
  }

  /** Whether what was asked for is not there. */
  boolean isAbsence() {
    return mlflowCode.equals("RESOURCE_DOES_NOT_EXIST");
  }

  /** Whether what was to be made is there already. */
  boolean isPresence() {
    return mlflowCode.equals("RESOURCE_ALREADY_EXISTS");
  }
}
