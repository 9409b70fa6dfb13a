package io.hdl.train;

import io.hdl.core.event.JobEvent;
import io.hdl.core.job.JobContext;
import java.time.Duration;
import java.util.OptionalDouble;

/** Tells of steps, but of no more than a listener can make use of. */
final class StepEvents {
  private static final long EVENT_NANOS = 100_000_000;

  private final JobContext context;
  private final int epochs;
  private final long plannedSteps;
  private final long begun = System.nanoTime();
  private long lastEvent = begun;
  private long windows;

  StepEvents(JobContext context, int epochs, long plannedSteps) {
    this.context = context;
    this.epochs = epochs;
    this.plannedSteps = plannedSteps;
  }

  /** A step is done; told of if its loss was read back or the last event is a while ago. */
  void step(int epoch, long step, int batch, OptionalDouble loss) {
    windows += batch;
    long now = System.nanoTime();
    if (loss.isEmpty() && now - lastEvent < EVENT_NANOS) {
      return;
    }
    lastEvent = now;
    context
        .events()
        .publish(
            new JobEvent.StepFinished(
                context.clock().instant(),
                epoch,
                epochs,
                step,
                plannedSteps,
                windows,
                Duration.ofNanos(now - begun),
                loss));
  }
}
