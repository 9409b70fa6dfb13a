package io.hdl.core.job;

import io.hdl.core.event.JobEvent;

/**
 * Hears every event of a job together with its run at the tracker, to log what it makes of them:
 *
 * <pre>{@code
 * .trackingListener((event, run) -> {
 *   if (event instanceof JobEvent.EpochFinished epoch) {
 *     run.metric("seconds_per_epoch", epoch.took().toMillis() / 1e3, epoch.epoch());
 *   }
 * })
 * }</pre>
 *
 * <p>Called like a {@link io.hdl.core.event.JobListener}: in order, on the job's event thread,
 * never holding up training; what it throws is caught, logged and counted. Before the run's end the
 * job waits up to 5 seconds until all events so far were heard. Events before the run is opened are
 * heard once it is; what is logged after the run's end is not kept.
 */
@FunctionalInterface
public interface TrackingListener {
  /** Called for each event, one at a time. */
  void on(JobEvent event, TrackedRun run);
}
