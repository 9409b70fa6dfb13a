package io.hdl.core;

import io.hdl.core.event.JobEvent;
import io.hdl.core.event.JobListener;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.job.TrackingListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Hands listeners that log the run to log to; events before it is open wait for it. */
final class TrackedListeners {
  private final List<TrackingListener> listeners;
  private final AtomicReference<@Nullable TrackedRun> run = new AtomicReference<>();

  TrackedListeners(List<TrackingListener> listeners) {
    this.listeners = listeners;
  }

  boolean any() {
    return !listeners.isEmpty();
  }

  void track(TrackedRun opened) {
    run.set(opened);
  }

  /** All listeners, those that log after the others. */
  List<JobListener> besides(List<JobListener> others) {
    List<JobListener> all = new ArrayList<>(others);
    listeners.forEach(listener -> all.add(new Waiting(listener)));
    return all;
  }

  private final class Waiting implements JobListener {
    private final TrackingListener listener;
    private final Deque<JobEvent> early = new ArrayDeque<>();

    Waiting(TrackingListener listener) {
      this.listener = listener;
    }

    @Override
    public void on(JobEvent event) {
      early.add(event);
      TrackedRun opened = run.get();
      while (opened != null && !early.isEmpty()) {
        listener.on(early.remove(), opened);
      }
    }

    @Override
    public String toString() {
      return listener.toString();
    }
  }
}
