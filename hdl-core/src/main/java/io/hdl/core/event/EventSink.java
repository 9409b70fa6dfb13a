package io.hdl.core.event;

/**
 * Takes events from any thread. Listeners are never waited for; a job's own sink may wait for the
 * disk, a fraction of a second, at the end of an epoch: its metrics are to outlive a crash that
 * comes after the checkpoint.
 */
@FunctionalInterface
public interface EventSink {
  /** Hands an event over; never waits for a listener and never throws. */
  void publish(JobEvent event);
}
