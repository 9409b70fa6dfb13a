package io.hdl.core.event;

import io.hdl.core.identity.Redaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events to listeners, in order, on one thread of its own. Publishing never blocks. While
 * more than {@value #STEP_BACKLOG} events wait for a slow listener, {@link JobEvent.StepFinished}
 * events are dropped and counted; all others are kept. Texts in events pass through {@link
 * Redaction}.
 */
public final class EventBus implements EventSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventBus.class);
  private static final int STEP_BACKLOG = 10_000;

  private final List<JobListener> listeners;
  private final LinkedBlockingQueue<Optional<JobEvent>> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong published = new AtomicLong();
  private final Object hearing = new Object();
  private long heard;
  private final Duration closeTimeout;
  private final Thread thread;

  /**
   * Starts the delivering thread.
   *
   * @param name what the thread is named after, usually the job
   * @param listeners who hears the events
   * @param closeTimeout how long {@link #close} waits for listeners to hear what is outstanding
   */
  public EventBus(String name, List<JobListener> listeners, Duration closeTimeout) {
    this.listeners = List.copyOf(listeners);
    this.closeTimeout = closeTimeout;
    this.thread = new Thread(this::deliver, "hdl-events-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void publish(JobEvent event) {
    if (event instanceof JobEvent.StepFinished && waiting.get() >= STEP_BACKLOG) {
      dropped.incrementAndGet();
      return;
    }
    waiting.incrementAndGet();
    published.incrementAndGet();
    queue.add(Optional.of(EventTexts.redacted(event)));
  }

  /**
   * Waits until the listeners have heard every event that was published before this call.
   *
   * @return false if that took longer than the limit, or the thread was interrupted
   */
  public boolean awaitHeard(Duration limit) {
    long wanted = published.get();
    long until = System.nanoTime() + limit.toNanos();
    synchronized (hearing) {
      while (heard < wanted) {
        long left = until - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(hearing, left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return true;
    }
  }

  /** Step events that were dropped because a listener was too slow. */
  public long droppedSteps() {
    return dropped.get();
  }

  /** Exceptions that listeners threw. */
  public long listenerFailures() {
    return failures.get();
  }

  private void deliver() {
    Map<JobListener, Integer> failed = new LinkedHashMap<>();
    try {
      while (true) {
        Optional<JobEvent> next = queue.take();
        if (next.isEmpty()) {
          break;
        }
        waiting.decrementAndGet();
        for (JobListener listener : listeners) {
          tell(listener, next.get(), failed);
        }
        synchronized (hearing) {
          heard++;
          hearing.notifyAll();
        }
      }
    } catch (InterruptedException e) {
      LOG.warn(
          "Gave up on listeners that did not hear their last {} events in {}",
          waiting.get(),
          closeTimeout);
    }
    for (JobListener listener : listeners) {
      closeListener(listener);
    }
  }

  private void tell(JobListener listener, JobEvent event, Map<JobListener, Integer> failed) {
    try {
      listener.on(event);
    } catch (RuntimeException e) {
      failures.incrementAndGet();
      // The first failure of a listener is told in full, the rest only counted.
      if (failed.merge(listener, 1, Integer::sum) == 1) {
        LOG.warn("The listener {} failed; the job goes on", listener, Redaction.failure(e));
      }
    }
  }

  private void closeListener(JobListener listener) {
    try {
      listener.close();
    } catch (RuntimeException e) {
      failures.incrementAndGet();
      LOG.warn("The listener {} failed to close", listener, Redaction.failure(e));
    }
  }

  /** Delivers what is outstanding, closes the listeners and ends the thread. Idempotent. */
  @Override
  public void close() {
    queue.add(Optional.empty());
    try {
      thread.join(closeTimeout.toMillis());
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(1_000);
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    List<String> losses = new ArrayList<>();
    if (dropped.get() > 0) {
      losses.add(dropped.get() + " step events dropped for slow listeners");
    }
    if (failures.get() > 0) {
      losses.add(failures.get() + " exceptions thrown by listeners");
    }
    if (!losses.isEmpty()) {
      LOG.warn("Events of the job: {}", String.join(", ", losses));
    }
  }
}
