package io.hdl.data.cache;

import io.hdl.core.event.EventSink;
import io.hdl.core.event.JobEvent;
import java.time.Clock;
import java.time.Instant;

/** Makes a job's events of what a cache tells. */
final class EventListener implements CacheListener {
  private final EventSink events;
  private final Clock clock;

  EventListener(EventSink events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  @Override
  public void warning(String text) {
    events.publish(new JobEvent.Warning(clock.instant(), text));
  }

  @Override
  public void notice(String text) {
    events.publish(new JobEvent.Notice(clock.instant(), text));
  }

  @Override
  public void report(CacheStatistics statistics) {
    Instant at = clock.instant();
    statistics
        .tiers()
        .forEach(
            (tier, of) ->
                events.publish(
                    new JobEvent.CacheReport(
                        at,
                        tier.label(),
                        of.hits(),
                        of.misses(),
                        of.bytesRead(),
                        of.bytesWritten(),
                        of.waited(),
                        of.evictions(),
                        of.corrupt(),
                        of.failures())));
  }
}
