package io.hdl.core.testing;

import io.hdl.core.event.EventSink;
import io.hdl.core.event.JobEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps every event in the order in which it came. Thread-safe. */
public final class RecordedEvents implements EventSink {
  private final List<JobEvent> events = new CopyOnWriteArrayList<>();

  @Override
  public void publish(JobEvent event) {
    events.add(event);
  }

  /** All events so far. */
  public List<JobEvent> all() {
    return List.copyOf(events);
  }

  /** The events of one type so far. */
  public <E extends JobEvent> List<E> of(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The texts of all notices so far. */
  public List<String> notices() {
    return of(JobEvent.Notice.class).stream().map(JobEvent.Notice::text).toList();
  }

  /** The texts of all warnings so far. */
  public List<String> warnings() {
    return of(JobEvent.Warning.class).stream().map(JobEvent.Warning::text).toList();
  }
}
