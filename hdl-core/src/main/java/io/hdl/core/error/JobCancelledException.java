package io.hdl.core.error;

/** Thrown out of a job that was cancelled; the run can be continued. */
public final class JobCancelledException extends HdlException {
  private static final long serialVersionUID = 1L;

  /** A cancellation with its reason, for instance the name of a signal. */
  public JobCancelledException(String message) {
    super(ErrorCode.CANCELLED, message);
  }
}
