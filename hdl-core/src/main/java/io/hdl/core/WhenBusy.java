package io.hdl.core;

/** What a job does while another one trains in the same JVM. */
public enum WhenBusy {
  /** Waits until the other one is done, or until it is cancelled. */
  WAIT,
  /** Fails at once with the name of the other job. */
  REFUSE
}
