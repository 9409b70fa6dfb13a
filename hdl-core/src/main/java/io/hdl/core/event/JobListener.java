package io.hdl.core.event;

/**
 * Hears every event of a job, in order, on the job's own event thread. A slow listener delays other
 * listeners but never training; one that throws is logged and counted, and the job goes on.
 */
@FunctionalInterface
public interface JobListener extends AutoCloseable {
  /** Called for each event, one at a time. */
  void on(JobEvent event);

  /** Called once after the last event. */
  @Override
  default void close() {}
}
