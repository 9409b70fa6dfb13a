package io.hdl.core.event;

/** Takes events from any thread and returns at once. */
@FunctionalInterface
public interface EventSink {
  /** Hands an event over; never blocks and never throws. */
  void publish(JobEvent event);
}
