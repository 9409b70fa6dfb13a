package io.hdl.tracking.outbox;

import java.time.Duration;
import java.util.Deque;

/** Where items go. Called by one thread at a time. */
public interface Destination extends AutoCloseable {
  /**
   * Takes over some items from the head of the queue, at least one, and removes them. An item that
   * can never be taken over is reported and removed as well. What is still in the queue when the
   * call throws may have been taken over in part; offering it again does no harm.
   *
   * @param items what is to be taken over, not empty, in order
   * @param limit the time that the call may take
   * @throws io.hdl.core.error.HdlException if the head of the queue cannot be taken over now
   */
  void deliver(Deque<Item> items, Duration limit);

  /** How many items were reported and removed although they were not taken over. */
  long setAside();

  /** Releases files and connections. Idempotent. */
  @Override
  void close();
}
