package io.hdl.core.environment;

/** An error that NVML returned, or that it could not be called at all. */
final class NvmlException extends Exception {
  private static final long serialVersionUID = 1L;

  NvmlException(String message) {
    super(message);
  }

  NvmlException(String message, Throwable cause) {
    super(message, cause);
  }
}
