package io.hdl.tracking.outbox;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Takes a run's items on any thread and delivers them in order on its own: always to a destination
 * on this machine, and to a server if there is one. While the server is away, items wait in memory
 * and the server is asked again at growing intervals; the copy on this machine is written at once.
 * Thread-safe.
 */
public final class Outbox implements AutoCloseable {
  /** How many metric values may wait for the sender before they are thinned. */
  static final int CAPACITY = 1 << 16;

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration DISK_LIMIT = Duration.ofMinutes(2);

  private final ItemQueue queue;
  private final Sender sender;
  private final Thread thread;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  /**
   * What became of a run's items.
   *
   * @param delivered whether everything arrived where it belongs: at the server if there is one,
   *     else on this machine
   * @param outstanding items that did not arrive
   * @param thinned metric values that were dropped because the queue was full
   * @param reason why items did not arrive
   */
  public record Outcome(
      boolean delivered, long outstanding, long thinned, Optional<String> reason) {}

  private Outbox(
      Destination disk,
      @Nullable Destination server,
      List<Item> backlog,
      DeliveryObserver observer,
      int capacity) {
    queue = new ItemQueue(capacity);
    sender = new Sender(queue, disk, server, observer);
    sender.begin(backlog);
    thread =
        new Thread(
            () -> {
              try {
                outcome.complete(sender.run());
              } catch (RuntimeException | Error e) {
                outcome.completeExceptionally(e);
              }
            },
            "hdl-tracking-sender");
    thread.setDaemon(true);
    thread.start();
  }

  /** An outbox that delivers to this machine alone; owns the destination. */
  public static Outbox toDisk(Destination disk, DeliveryObserver observer) {
    return new Outbox(disk, null, List.of(), observer, CAPACITY);
  }

  /**
   * An outbox that delivers to a server and keeps a copy on this machine; owns both destinations.
   * Files are copied only if the server does not get everything.
   *
   * @param backlog what the copy holds from an earlier attempt and the server may lack; it is
   *     delivered first
   */
  public static Outbox toServer(
      Destination copy, Destination server, List<Item> backlog, DeliveryObserver observer) {
    return new Outbox(copy, server, backlog, observer, CAPACITY);
  }

  /** Takes an item and returns at once; false after {@link #finish} or {@link #close}. */
  public boolean put(Item item) {
    return queue.put(item);
  }

  /**
   * Waits until the items that were put so far are on this machine's disk; a request to the server
   * that is in progress may hold that up.
   *
   * @return false if that took longer than the limit, or the thread was interrupted
   */
  public boolean persist(Duration limit) {
    try {
      return queue.awaitPersisted(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Delivers what is outstanding and ends the sender. What the server does not take within the
   * limit stays on this machine.
   */
  public Outcome finish(Item.End end, Duration limit) {
    queue.put(end);
    return stop(limit);
  }

  /** Ends the sender after one more attempt, if it still runs, and joins its thread. */
  @Override
  public void close() {
    stop(CLOSE_LIMIT);
  }

  private Outcome stop(Duration limit) {
    sender.finishWithin(limit);
    queue.close();
    boolean interrupted = false;
    try {
      try {
        return outcome.get(limit.plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (TimeoutException e) {
        // The request in progress does not end by itself.
      }
      sender.interruptServer(thread);
      try {
        return outcome.get(DISK_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
        return unknown("interrupted while waiting for the sender");
      } catch (TimeoutException e) {
        return unknown("the sender did not end within " + DISK_LIMIT.toSeconds() + " s");
      }
    } catch (ExecutionException e) {
      return unknown("the sender ended by a defect: " + e.getCause());
    } finally {
      join();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Outcome unknown(String why) {
    return new Outcome(false, sender.outstanding(), queue.thinned(), Optional.of(why));
  }

  private void join() {
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(1000);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
