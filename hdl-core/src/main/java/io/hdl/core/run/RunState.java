package io.hdl.core.run;

/** Where a run stands. */
public enum RunState {
  /** In progress; if no process holds the run any more, it crashed and can be continued. */
  RUNNING,
  /** Stopped in order before its end, by a signal or a cancellation; can be continued. */
  INTERRUPTED,
  /** Ended by an error. */
  FAILED,
  /** Ended as planned. */
  FINISHED
}
