package io.hdl.tracking.outbox;

import io.hdl.core.error.HdlException;

/** Hears how delivery goes. Called on the sender's thread; must return quickly. */
public interface DeliveryObserver {
  /** The server took nothing for the first time, or for the first time since it came back. */
  void serverAway(HdlException why);

  /** The server takes items again. */
  void serverBack();

  /** The server gets no more of this run; what was not delivered stays on this machine. */
  void serverAbandoned(HdlException why);

  /** Writing on this machine failed for the first time. */
  void diskFailed(HdlException why);

  /** Something about one item. */
  void warning(String text);
}
