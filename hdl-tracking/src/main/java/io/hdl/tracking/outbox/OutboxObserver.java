package io.hdl.tracking.outbox;

import io.hdl.core.error.HdlException;

/**
 * Hears how an outbox fares. Called on its threads, by several of them at a time; must be
 * thread-safe and return quickly. What it throws is swallowed.
 */
public interface OutboxObserver {
  /** The server took nothing for the first time, or for the first time since it came back. */
  void serverAway(HdlException why);

  /** The server takes items again. */
  void serverBack();

  /** The server gets no more of these runs; what was not delivered stays on this machine. */
  void serverAbandoned(HdlException why);

  /** Writing on this machine failed for the first time, or for the first time since it worked. */
  void diskFailed(HdlException why);

  /** Something about one item, or about the log. */
  void warning(String text);

  /** How it stands: every few seconds while that changes, and at the end. */
  default void state(OutboxState state) {}
}
