package io.hdl.core.event;

import io.hdl.core.identity.Redaction;

/** Cuts secrets out of the texts of events. */
final class EventTexts {
  private EventTexts() {}

  /** The event without secrets; the same one if it has no texts of others. */
  static JobEvent redacted(JobEvent event) {
    if (event instanceof JobEvent.Notice e) {
      return new JobEvent.Notice(e.at(), Redaction.text(e.text()));
    }
    if (event instanceof JobEvent.Warning e) {
      return new JobEvent.Warning(e.at(), Redaction.text(e.text()));
    }
    if (event instanceof JobEvent.CancelRequested e) {
      return new JobEvent.CancelRequested(e.at(), Redaction.text(e.reason()));
    }
    if (event instanceof JobEvent.DataOpened e) {
      return new JobEvent.DataOpened(
          e.at(), e.data().redacted(Redaction::text), Redaction.values(e.facts()));
    }
    if (event instanceof JobEvent.TrackingState e) {
      return new JobEvent.TrackingState(
          e.at(), e.backlog(), e.oldest(), e.lastError().map(Redaction::text), e.thinned());
    }
    if (event instanceof JobEvent.JobFinished e) {
      return new JobEvent.JobFinished(
          e.at(), e.job(), e.runId(), e.outcome(), e.took(), e.error().map(Redaction::text));
    }
    return event;
  }
}
