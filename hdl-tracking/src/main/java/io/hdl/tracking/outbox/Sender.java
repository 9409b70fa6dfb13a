package io.hdl.tracking.outbox;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the sender's thread does, from the first item to the last. */
final class Sender {
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);
  private static final Duration SHORTEST_LIMIT = Duration.ofMillis(200);

  /** How many items may wait for a server that is away. */
  static final int MOST_WAITING = 250_000;

  private final ItemQueue queue;
  private final ItemRules rules;
  private final DeliveryObserver observer;
  private final Lane disk;
  private final @Nullable Lane server;
  private final List<Item> uploads = new ArrayList<>();
  private volatile OptionalLong finishBy = OptionalLong.empty();
  private volatile long outstanding;
  private final Object gate = new Object();
  private boolean asking;
  private boolean diskFailureTold;
  private boolean away;
  private @Nullable HdlException reason;
  private long lostOnDisk;
  private long outstandingAtServer;
  private boolean closingSeen;
  private boolean awayAtClosing;

  Sender(
      ItemQueue queue, Destination disk, @Nullable Destination server, DeliveryObserver observer) {
    this.queue = queue;
    this.observer = observer;
    this.rules = new ItemRules(observer::warning);
    this.disk = new Lane(disk);
    this.server = server == null ? null : new Lane(server);
  }

  /** Sets the time by which the server's part has to be over; the first call counts. */
  synchronized void finishWithin(Duration limit) {
    if (finishBy.isEmpty()) {
      finishBy = OptionalLong.of(System.nanoTime() + limit.toNanos());
    }
  }

  /** Items that were taken from the queue and did not arrive yet, for messages. */
  long outstanding() {
    return outstanding;
  }

  /** Gives the server what an earlier attempt left behind; before {@link #run}. */
  void begin(List<Item> backlog) {
    if (server != null) {
      server.add(backlog);
    }
  }

  Outbox.Outcome run() {
    try {
      boolean more = true;
      while (more) {
        more = turn();
      }
      return end();
    } finally {
      disk.close();
      if (server != null) {
        server.close();
      }
    }
  }

  /** Takes what is in the queue and offers it; false when there is nothing left to do. */
  private boolean turn() {
    boolean closing = queue.isClosed();
    boolean busy = server != null && server.isReady();
    List<Item> taken = rules.apply(take(!busy && !closing));
    toDisk(taken);
    queue.persisted();
    toServer(taken);
    outstanding = server == null ? disk.size() : server.size();
    if (!closing) {
      return true;
    }
    boolean serverOver = server == null || server.isDone() || server.isAbandoned() || late();
    boolean diskOver = disk.isDone() || disk.failure() != null;
    if (taken.isEmpty() && serverOver && diskOver) {
      return false;
    }
    if (taken.isEmpty() && server != null && !server.isReady() && !serverOver) {
      rest();
    }
    return true;
  }

  private List<Item> take(boolean patient) {
    try {
      return queue.take(patient);
    } catch (InterruptedException e) {
      finishWithin(Duration.ZERO);
      return List.of();
    }
  }

  private void toDisk(List<Item> taken) {
    for (Item item : taken) {
      if (server != null && item instanceof Item.Upload) {
        uploads.add(item);
      } else {
        disk.add(List.of(item));
      }
    }
    drainDisk();
  }

  private void drainDisk() {
    while (disk.isReady()) {
      if (!disk.step(REQUEST_LIMIT)) {
        HdlException why = disk.failure();
        if (!diskFailureTold && why != null) {
          diskFailureTold = true;
          observer.diskFailed(why);
        }
      }
    }
    if (disk.size() > MOST_WAITING) {
      lostOnDisk += disk.size();
      disk.dropWaiting();
    }
  }

  private void toServer(List<Item> taken) {
    if (server == null) {
      return;
    }
    server.add(taken);
    if (server.size() > MOST_WAITING) {
      abandon(
          new HdlException(
              ErrorCode.UNAVAILABLE, "more than " + MOST_WAITING + " items wait for the server"));
      return;
    }
    if (!closingSeen && finishBy.isPresent()) {
      closingSeen = true;
      awayAtClosing = away;
      server.retryNow();
    }
    if (server.isReady()) {
      offer(server);
    }
  }

  private void offer(Lane lane) {
    if (asked(lane)) {
      reason = null;
      if (away) {
        away = false;
        observer.serverBack();
      }
      return;
    }
    HdlException why = Objects.requireNonNull(lane.failure());
    reason = why;
    if (late()) {
      abandonLane(lane);
    } else if (!why.retryable()) {
      abandon(why);
    } else if (awayAtClosing) {
      abandonLane(lane); // it has been away for some time: waiting longer helps nobody
    } else if (!away) {
      away = true;
      observer.serverAway(why);
    }
  }

  /** One step, the only part of the work that {@link #interruptServer} ends. */
  private boolean asked(Lane lane) {
    synchronized (gate) {
      asking = true;
    }
    try {
      return lane.step(limit());
    } finally {
      synchronized (gate) {
        asking = false;
        Thread.interrupted(); // it was meant for the step
      }
    }
  }

  /** Ends a call to the server that does not end by itself; never what is written to the disk. */
  void interruptServer(Thread sender) {
    synchronized (gate) {
      if (asking) {
        sender.interrupt();
      }
    }
  }

  private void abandon(HdlException why) {
    reason = why;
    observer.serverAbandoned(why);
    abandonLane(Objects.requireNonNull(server));
  }

  private void abandonLane(Lane lane) {
    outstandingAtServer = lane.size();
    lane.abandon();
  }

  private Outbox.Outcome end() {
    if (server == null) {
      disk.retryNow();
      drainDisk();
      boolean all = disk.isDone() && lostOnDisk + disk.setAside() == 0;
      return new Outbox.Outcome(
          all, disk.size() + lostOnDisk + disk.setAside(), queue.thinned(), text(disk.failure()));
    }
    long setAside = server.setAside();
    boolean delivered = server.isDone() && setAside == 0;
    if (!delivered) {
      long waiting = setAside + (server.isAbandoned() ? outstandingAtServer : server.size());
      disk.add(uploads);
      disk.retryNow();
      drainDisk();
      return new Outbox.Outcome(false, waiting, queue.thinned(), text(reason).or(this::whyLate));
    }
    return new Outbox.Outcome(true, 0, queue.thinned(), Optional.empty());
  }

  private static Optional<String> text(@Nullable HdlException e) {
    return e == null ? Optional.empty() : Optional.ofNullable(e.getMessage());
  }

  private Optional<String> whyLate() {
    return late() ? Optional.of("the time for the end of the run was over") : Optional.empty();
  }

  private boolean late() {
    OptionalLong by = finishBy;
    return by.isPresent() && System.nanoTime() - by.getAsLong() >= 0;
  }

  private Duration limit() {
    OptionalLong by = finishBy;
    if (by.isEmpty()) {
      return REQUEST_LIMIT;
    }
    Duration left = Duration.ofNanos(by.getAsLong() - System.nanoTime());
    if (left.compareTo(SHORTEST_LIMIT) < 0) {
      return SHORTEST_LIMIT;
    }
    return left.compareTo(REQUEST_LIMIT) < 0 ? left : REQUEST_LIMIT;
  }

  private void rest() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      finishWithin(Duration.ZERO);
    }
  }
}
