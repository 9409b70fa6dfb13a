package io.hdl.tracking.outbox;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the sender's thread does: reads the log and hands its items to a destination, in order,
 * until everything is delivered and nothing more comes, or the time is over.
 */
final class Sender {
  /** What lies in memory at most; a multiple of what a server takes at once. */
  private static final int MOST_ENTRIES = 2000;

  private static final int FULL_BATCH = 1000;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  private final Path folder;
  private final Runs runs;
  private final Destination destination;
  private final Acks acks;
  private final Backlog backlog;
  private final FileHashes hashes;
  private final OutboxSettings settings;
  private final OutboxObserver observer;
  private final FinishTime finish;
  private final Supplier<Unkept> unkept;
  private final Pauses pauses = new Pauses(Duration.ofSeconds(30));
  private final InterruptGate gate = new InterruptGate();
  private Window window;
  private LogReader reader;
  private long again;
  private long sentAt;
  private boolean away;
  private boolean awayAtClosing;
  private boolean closingSeen;
  private boolean abandoned;
  private boolean acksFailed;
  private long orphans;
  private @Nullable HdlException reason;

  Sender(
      Path folder,
      Runs runs,
      Destination destination,
      Acks acks,
      Backlog backlog,
      FileHashes hashes,
      OutboxSettings settings,
      OutboxObserver observer,
      FinishTime finish,
      Supplier<Unkept> unkept) {
    this.folder = folder;
    this.runs = runs;
    this.destination = destination;
    this.acks = acks;
    this.backlog = backlog;
    this.hashes = hashes;
    this.settings = settings;
    this.observer = observer;
    this.finish = finish;
    this.unkept = unkept;
    this.again = acks.to();
    this.window = new Window(acks.from());
    this.reader = reader(acks.from());
    this.sentAt = System.nanoTime() - settings.gather().toNanos();
  }

  private LogReader reader(long from) {
    return new LogReader(folder, from, backlog::written, (segment, at, bytes, atEnd) -> {});
  }

  /** Works until everything is delivered or nothing more can be. */
  void run() {
    try {
      while (turn()) {
        // One more.
      }
    } catch (InterruptedException e) {
      finish.within(Duration.ZERO);
    } catch (RuntimeException e) {
      abandon(new HdlException(ErrorCode.INTERNAL, "Delivery failed by a defect: " + e, e));
    } finally {
      close();
    }
  }

  private void close() {
    try {
      reader.close();
      acks.close();
    } catch (IOException e) {
      told(e);
    }
    try {
      destination.close();
    } catch (RuntimeException e) {
      observer.warning("Closing the connections of the tracking failed: " + e);
    }
  }

  /** Why delivery failed last; null if it did not. After the end of {@link #run}. */
  @Nullable HdlException reason() {
    return reason;
  }

  /** Ends a call to the destination that does not end by itself. */
  void interrupt(Thread sender) {
    gate.interrupt(sender);
  }

  private boolean turn() throws InterruptedException {
    long seen = backlog.written();
    boolean complete = backlog.isComplete() && seen == backlog.written();
    read();
    if (finish.isSet() && !closingSeen) {
      closingSeen = true;
      awayAtClosing = away;
      pauses.end();
    }
    if (abandoned) {
      return false;
    }
    boolean rest = window.isEmpty() && complete && !unkept.get().isEmpty();
    if (window.isEmpty() && !rest) {
      if (!complete && !finish.isOver()) {
        backlog.await(seen, 0, finish.left(PATIENCE));
      }
      return !complete && !finish.isOver();
    }
    if (pauses.left() > 0) {
      backlog.rest(finish.left(pauses.left()));
      return goesOn();
    }
    if (rest) {
      offer(unkept.get());
    } else if (gathers(seen)) {
      return true;
    } else {
      offer(window.first());
    }
    return goesOn();
  }

  private boolean goesOn() {
    return !abandoned && !finish.isOver();
  }

  /** Reads on, never across the end of what was about to be delivered when a process died. */
  private void read() {
    try {
      if (again > 0) {
        if (window.to() < again) {
          extend(Integer.MAX_VALUE, again);
        }
        again = window.isEmpty() ? 0 : again;
      }
      if (again == 0 && window.size() < FULL_BATCH) {
        extend(MOST_ENTRIES, Long.MAX_VALUE);
      }
      backlog.oldest(window.oldest());
    } catch (IOException e) {
      abandon(FileFailure.of("read the tracking log in", folder, e));
    }
  }

  private void extend(int most, long until) throws IOException {
    window.extend(reader, most, until, acks::deliveredOf, observer::warning);
  }

  /** Whether it waits for more than a few items, since the last ones were sent only now. */
  private boolean gathers(long seen) throws InterruptedException {
    long left = sentAt + settings.gather().toNanos() - System.nanoTime();
    if (left <= 0
        || window.size() >= FULL_BATCH
        || again > 0
        || finish.isSet()
        || backlog.isComplete()) {
      return false;
    }
    backlog.await(seen, FULL_BATCH, left);
    return true;
  }

  private void offer(Window.Lane lane) {
    RunStart run = runs.start(lane.run());
    if (run == null) {
      skip(lane);
      return;
    }
    int before = lane.size();
    HdlException failure = null;
    try {
      acks.offering(window.to());
    } catch (IOException e) {
      told(e);
    }
    if (lane.items().peek() instanceof Item.Upload upload) {
      lane.items().remove();
      lane.items().addFirst(hashes.complete(upload));
    }
    int items = lane.items().size();
    gate.open();
    try {
      destination.deliver(run, lane.items(), finish.forCall());
    } catch (RunForgottenException e) {
      rewind(e);
      return;
    } catch (HdlException e) {
      failure = e;
    } catch (RuntimeException e) {
      failure = new HdlException(ErrorCode.INTERNAL, "Delivery failed by a defect: " + e, e);
    } finally {
      gate.close();
    }
    if (failure == null || lane.items().size() < items) {
      acknowledge(lane, before);
    }
    if (failure == null) {
      succeeded();
    } else {
      failed(failure);
    }
  }

  /** What the disk did not take goes from memory. */
  private void offer(Unkept rest) {
    gate.open();
    try {
      rest.offer(destination, runs, finish);
      succeeded();
    } catch (RunForgottenException e) {
      rewind(e);
    } catch (HdlException e) {
      failed(e);
    } catch (RuntimeException e) {
      failed(new HdlException(ErrorCode.INTERNAL, "Delivery failed by a defect: " + e, e));
    } finally {
      gate.close();
    }
  }

  private void acknowledge(Window.Lane lane, int before) {
    int count = window.delivered(lane, before);
    try {
      acks.delivered(lane.run(), window.deliveredTo(lane), window.deliveredTo());
    } catch (IOException e) {
      told(e);
    }
    backlog.delivered(count, acks.from());
  }

  private void succeeded() {
    pauses.reset();
    sentAt = System.nanoTime();
    reason = null;
    backlog.error(null);
    if (away) {
      away = false;
      observer.serverBack();
    }
  }

  private void failed(HdlException why) {
    pauses.failed(why);
    reason = why;
    backlog.error(why.getMessage());
    if (finish.isOver()) {
      return;
    }
    if (!why.retryable()) {
      abandon(why);
    } else if (awayAtClosing) {
      abandoned = true; // it has been away for some time: waiting longer helps nobody
    } else if (!away) {
      away = true;
      observer.serverAway(why);
    }
  }

  private void abandon(HdlException why) {
    reason = why;
    backlog.error(why.getMessage());
    abandoned = true;
    observer.serverAbandoned(why);
  }

  /** Offers everything again that the log holds: where one run is lost, others may be, too. */
  private void rewind(RunForgottenException why) {
    long count = 0;
    try (LogReader all = reader(0)) {
      while (all.next() && all.place() < acks.furthest()) {
        boolean entry = all.kind() != EntryCodec.TIME;
        count += entry && all.place() < acks.deliveredOf(all.run()) ? 1 : 0;
      }
      acks.rewind();
      reader.close();
    } catch (IOException e) {
      told(e);
    }
    window = new Window(0);
    reader = reader(0);
    again = 0;
    backlog.delivered(-count, 0);
    pauses.failed(why);
    String text = String.valueOf(why.getMessage());
    observer.warning(
        DroppedSegments.any(folder)
            ? text + " The oldest parts are not in the tracking log any more."
            : text);
  }

  /** The run's beginning is damaged: where its items belong is not known. */
  private void skip(Window.Lane lane) {
    int before = lane.size();
    orphans += lane.items().size();
    observer.warning(
        "%,d entries of the tracking log in %s were left out: the record that says which run they belong to is damaged."
            .formatted(lane.items().size(), folder));
    lane.items().clear();
    acknowledge(lane, before);
  }

  /** Items that were passed over because they can never be delivered. After {@link #run}. */
  long setAside() {
    return orphans + destination.setAside();
  }

  private void told(IOException e) {
    if (!acksFailed) {
      acksFailed = true;
      observer.diskFailed(FileFailure.of("write what was delivered in", folder, e));
    }
  }
}
