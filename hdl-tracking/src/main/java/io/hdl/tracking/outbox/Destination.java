package io.hdl.tracking.outbox;

import java.time.Duration;
import java.util.Deque;

/** Where items go. Called by one thread at a time. */
public interface Destination extends AutoCloseable {
  /**
   * Takes over some items of a run from the head of the queue, at least one if there is one, and
   * removes them. An item that can never be taken over is reported and removed as well. What is
   * still in the queue when the call throws may have been taken over in part; offering it again
   * does no harm. Items of a run come in order; a run whose parent is known comes after it.
   *
   * @param run whose items they are; made when its first items come
   * @param items what is to be taken over, in order; empty if the run has only begun
   * @param limit the time that the call may take
   * @throws RunForgottenException if a run was there and is not any more: all that the log holds of
   *     all runs is offered again from its beginning
   * @throws io.hdl.core.error.HdlException if the head of the queue cannot be taken over now
   */
  void deliver(RunStart run, Deque<Item> items, Duration limit);

  /** How many items were reported and removed although they were not taken over. */
  long setAside();

  /**
   * The steps that a run has here already, for an outbox without a log. Called once, when the run
   * begins.
   */
  default ReportedSteps reported(RunStart run) {
    return ReportedSteps.none();
  }

  /** Releases files and connections. Idempotent. */
  @Override
  void close();
}
