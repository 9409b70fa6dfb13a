package io.hdl.data.cache;

import io.hdl.core.event.EventSink;
import java.time.Clock;

/**
 * Hears what people should know of a cache. Called on whichever thread something happens; must not
 * wait. What it throws is logged.
 */
public interface CacheListener {
  /** Something that went wrong without ending the work: what, why, and what was done about it. */
  default void warning(String text) {}

  /** Something worth knowing that is no error, as that a tier is used again. */
  default void notice(String text) {}

  /** What the cache has done since it was opened: now and then while it is used, and at its end. */
  default void report(CacheStatistics statistics) {}

  /** Hears nothing. */
  static CacheListener none() {
    return new CacheListener() {};
  }

  /**
   * Makes events of what it hears: warnings, notices and one {@link
   * io.hdl.core.event.JobEvent.CacheReport} for each tier.
   */
  static CacheListener of(EventSink events, Clock clock) {
    return new EventListener(events, clock);
  }
}
