package io.hdl.core.testing;

import org.opentest4j.TestAbortedException;

/** Whether tests against real servers may be skipped where such a server cannot be had. */
final class Servers {
  private Servers() {}

  /**
   * What a test throws whose server cannot be had: skipped by name, or failed where the variable
   * {@code HDL_REQUIRE_SERVERS} is {@code true}.
   */
  static Throwable missing(String reason) {
    return missing(reason, "true".equalsIgnoreCase(System.getenv("HDL_REQUIRE_SERVERS")));
  }

  static Throwable missing(String reason, boolean required) {
    return required
        ? new AssertionError(reason + " HDL_REQUIRE_SERVERS=true forbids to skip the test.")
        : Skips.because("Skipped: " + reason);
  }

  /** Throws it; declared to return so that callers can write {@code throw Servers.skip(...)}. */
  static RuntimeException skip(String reason) {
    Throwable missing = missing(reason);
    if (missing instanceof AssertionError error) {
      throw error;
    }
    throw (TestAbortedException) missing;
  }
}
