package io.hdl.tracking.outbox;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the writer has written and the sender has not delivered yet. Thread-safe. */
final class Backlog {
  private long written;
  private long items;
  private long from;
  private long oldest;
  private long wanted;
  private boolean complete;
  private boolean hurried;
  private @Nullable String lastError;

  /**
   * What an earlier process left.
   *
   * @param written the place at which the log ends
   * @param items how many items are not delivered
   * @param from the place before which everything is delivered
   * @param oldest when the oldest of these items was written, milliseconds since 1970
   */
  Backlog(long written, long items, long from, long oldest) {
    this.written = written;
    this.items = items;
    this.from = from;
    this.oldest = oldest;
  }

  /** The log now ends here, after so many more items. */
  synchronized void written(long place, long more) {
    written = place;
    items += more;
    if (items >= wanted) {
      notifyAll();
    }
  }

  /** Nothing more will be written. */
  synchronized void complete() {
    complete = true;
    notifyAll();
  }

  /** Whether nothing more will be written. */
  synchronized boolean isComplete() {
    return complete;
  }

  /** Ends a wait of the sender. */
  synchronized void hurry() {
    hurried = true;
    notifyAll();
  }

  /** So many items were delivered, all before a place; negative ones are to be delivered anew. */
  synchronized void delivered(long count, long before) {
    items -= count;
    from = before;
  }

  /**
   * When the oldest item that is not delivered was written, milliseconds since 1970; 0: unknown.
   */
  synchronized void oldest(long time) {
    oldest = time;
  }

  /** Why delivery failed last; null if it goes well. */
  synchronized void error(@Nullable String why) {
    lastError = why;
  }

  /** The place up to which the log can be read. */
  synchronized long written() {
    return written;
  }

  /** The place before which everything is delivered. */
  synchronized long from() {
    return from;
  }

  /** How many items are not delivered. */
  synchronized long items() {
    return items;
  }

  /**
   * Waits until more is written than up to a place and so many items are not delivered, all is
   * written, or somebody is in a hurry. What the writer writes before wakes nobody up. For one
   * thread.
   */
  synchronized void await(long place, long count, long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    long left = nanos;
    wanted = count;
    while (left > 0 && !hurried && !complete && (written <= place || items < count)) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    wanted = 0;
    hurried = false;
  }

  /** Waits for some time, or until somebody is in a hurry. */
  synchronized void rest(long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0 && !hurried; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    hurried = false;
  }

  /**
   * How things stand.
   *
   * @param queued items that are not written yet
   * @param now milliseconds since 1970
   */
  synchronized OutboxState state(long queued, long now, long thinned) {
    long all = Math.max(0, items) + queued;
    Optional<Instant> since =
        all == 0
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(items > 0 && oldest > 0 ? oldest : now));
    return new OutboxState(
        all,
        items > 0 ? Math.max(0, written - from) : 0,
        since,
        Optional.ofNullable(lastError),
        thinned);
  }
}
