package io.hdl.tracking.outbox;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.TryLaterException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one destination, in order, and the pauses between attempts while it takes nothing.
 * Not thread-safe.
 */
final class Lane implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Destination destination;
  private final Deque<Item> waiting = new ArrayDeque<>();
  private Duration pause = FIRST_PAUSE;
  private long retryAt;
  private @Nullable HdlException failure;
  private boolean abandoned;

  Lane(Destination destination) {
    this.destination = destination;
  }

  void add(Collection<Item> items) {
    if (!abandoned) {
      waiting.addAll(items);
    }
  }

  int size() {
    return waiting.size();
  }

  /** Whether everything was taken over so far. */
  boolean isDone() {
    return waiting.isEmpty() && !abandoned;
  }

  long setAside() {
    return destination.setAside();
  }

  boolean isAbandoned() {
    return abandoned;
  }

  /** Whether a step makes sense now. */
  boolean isReady() {
    return !abandoned
        && !waiting.isEmpty()
        && (failure == null || System.nanoTime() - retryAt >= 0);
  }

  /** Why the last step failed; null if it did not. */
  @Nullable HdlException failure() {
    return failure;
  }

  /** Offers the head once; true if something was taken over. */
  boolean step(Duration limit) {
    try {
      destination.deliver(waiting, limit);
      failure = null;
      pause = FIRST_PAUSE;
      return true;
    } catch (HdlException e) {
      failure = e;
    } catch (RuntimeException e) {
      failure = new HdlException(ErrorCode.INTERNAL, "Delivery failed by a defect: " + e, e);
    }
    Duration wait = askedFor(failure);
    retryAt = System.nanoTime() + (wait.compareTo(pause) > 0 ? wait : pause).toNanos();
    pause = pause.multipliedBy(2);
    pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    return false;
  }

  /** How long the service asked to be left alone. */
  private static Duration askedFor(HdlException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TryLaterException later) {
        return later.retryAfter();
      }
    }
    return Duration.ZERO;
  }

  /** Ends the present pause. */
  void retryNow() {
    retryAt = System.nanoTime();
  }

  /** Forgets what waits. */
  void dropWaiting() {
    waiting.clear();
  }

  /** Offers nothing any more. */
  void abandon() {
    abandoned = true;
    waiting.clear();
  }

  @Override
  public void close() {
    destination.close();
  }
}
