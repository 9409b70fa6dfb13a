package io.hdl.tracking.outbox;

import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a job's runs report, on any thread, and delivers it in order on threads of its own.
 *
 * <p>Before a server it is a log on disk: what was put in is with the operating system at most 50
 * ms later and brought to the disk at most about a second later; the server gets it when it
 * answers, if need be from a later process that opens the same folder. On the wire items go at
 * least once. Before a directory whose files are as good as a log it hands items over {@linkplain
 * #direct directly}.
 *
 * <pre>{@code
 * try (Outbox outbox = Outbox.open(folder, OutboxSettings.defaults(), observer)) {
 *   OutboxRun run = outbox.begin(start);
 *   outbox.deliverTo(destination);
 *   run.put(new Item.Metric("loss", 0.5, clock.millis(), 1));
 *   run.put(new Item.End(Item.EndStatus.FINISHED, clock.millis()));
 *   Outbox.Outcome outcome = outbox.finish(Duration.ofSeconds(60));
 * }
 * }</pre>
 *
 * <p>Metric values are thinned, and counted, when they come faster than the disk takes them, when
 * the disk is full or the log's bound is reached; everything else is kept. What a disk that stays
 * full does not take waits in memory, and goes to the destination from there at the end.
 * Thread-safe.
 */
public final class Outbox implements AutoCloseable {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration DISK_LIMIT = Duration.ofMinutes(2);

  private final @Nullable OpenLog log;
  private final @Nullable Destination direct;
  private final Runs runs;
  private final Backlog backlog;
  private final OutboxSettings settings;
  private final OutboxObserver observer;
  private final FinishTime finish;
  private final Writer writer;
  private final Thread writing;
  private @Nullable Sender sender;
  private @Nullable Thread sending;
  private @Nullable Outcome outcome;

  /**
   * What became of the items.
   *
   * @param delivered whether everything arrived where it belongs
   * @param outstanding items that did not arrive
   * @param thinned metric values that were dropped
   * @param lost how many of the outstanding ones are not in the log either, since the disk did not
   *     take them to the end: they end with this process
   * @param reason why items did not arrive
   */
  public record Outcome(
      boolean delivered, long outstanding, long thinned, long lost, Optional<String> reason) {}

  private Outbox(
      @Nullable OpenLog log,
      @Nullable Destination direct,
      OutboxSettings settings,
      OutboxObserver observer) {
    this.log = log;
    this.direct = direct;
    this.settings = settings;
    this.observer = observer;
    this.runs = new Runs();
    this.finish = new FinishTime();
    Store store;
    if (log != null) {
      runs.addAll(log.scan().content());
      backlog = log.backlog();
      store = log.store(settings, observer);
    } else if (direct != null) {
      backlog = new Backlog(0, 0, 0, 0);
      store = new DirectStore(direct, runs, finish);
    } else {
      throw new IllegalArgumentException("neither a log nor a destination");
    }
    writer = new Writer(store, runs, settings, observer, this::state);
    writing = thread("hdl-tracking-writer", this::write);
  }

  /**
   * Opens the log of a folder, or begins one; what it holds from earlier processes goes first.
   * Reads all of it once. Nothing is delivered before {@link #deliverTo} says where.
   *
   * @throws HdlException with {@link io.hdl.core.error.ErrorCode#BUSY} if another outbox has it
   *     open, or if the folder cannot be read or written
   */
  public static Outbox open(Path folder, OutboxSettings settings, OutboxObserver observer) {
    return open(folder, settings, observer, LogFile::create);
  }

  static Outbox open(
      Path folder, OutboxSettings settings, OutboxObserver observer, LogFile.Opener opener) {
    OutboxObserver safe = new SafeObserver(observer);
    OpenLog log = OpenLog.open(folder, opener);
    log.scan().notices().forEach(safe::warning);
    return new Outbox(log, null, settings, safe);
  }

  /** An outbox without a log, before a destination on this machine; owns the destination. */
  public static Outbox direct(
      Destination destination, OutboxSettings settings, OutboxObserver observer) {
    return new Outbox(null, destination, settings, new SafeObserver(observer));
  }

  /**
   * Begins a run, or goes on with the one that has this key.
   *
   * @throws IllegalStateException after {@link #finish} or {@link #close}
   */
  public OutboxRun begin(RunStart start) {
    int number = runs.numberOf(start);
    if (!writer.put(number, start)) {
      throw new IllegalStateException("The outbox is closed: the run cannot begin.");
    }
    ReportedSteps earlier =
        log != null
            ? log.scan().content().steps(number)
            : direct != null ? direct.reported(start) : ReportedSteps.none();
    return new OutboxRun(writer, number, start, earlier);
  }

  /** The run that contains the others, if there is any yet. */
  public Optional<RunStart> main() {
    return runs.main();
  }

  /**
   * Begins to deliver; owns the destination. An outbox that was made by {@link #direct} does so by
   * itself.
   *
   * @throws IllegalStateException if it was called before
   */
  public synchronized void deliverTo(Destination destination) {
    if (log == null || sender != null || outcome != null) {
      throw new IllegalStateException("This outbox has a destination already, or is closed.");
    }
    Sender made =
        new Sender(
            log.folder(),
            runs,
            destination,
            log.acks(),
            backlog,
            log.hashes(),
            settings,
            observer,
            finish,
            writer::unkept);
    sender = made;
    sending = thread("hdl-tracking-sender", made::run);
  }

  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void write() {
    try {
      writer.run();
    } finally {
      backlog.complete();
    }
  }

  /**
   * Waits until the items that were put in so far are on the disk, whatever the destination does.
   *
   * @return false if that took longer than the limit, or cannot be
   */
  public boolean persist(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    try {
      return writer.await(limit.toNanos())
          && writer.force(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** How it stands. */
  public OutboxState state() {
    return backlog.state(writer.waiting(), settings.clock().millis(), writer.thinned());
  }

  /**
   * Takes nothing more, delivers what is outstanding, and ends. What the destination does not take
   * within the limit stays in the log. When everything is delivered or set aside, and every run has
   * ended by itself, the log is removed; after the end of a run that was stopped it stays, so that
   * the run knows what it has reported when it goes on.
   */
  public synchronized Outcome finish(Duration limit) {
    Outcome ended = end(limit);
    OpenLog done = log;
    if (done != null && state().items() == 0 && runs.allDone()) {
      try {
        done.remove();
      } catch (IOException e) {
        observer.warning(
            String.valueOf(
                FileFailure.of("remove the delivered log in", done.folder(), e).getMessage()));
      }
    }
    if (done != null) {
      done.close();
    }
    return ended;
  }

  /** Ends after one more attempt to deliver, and joins its threads; the log stays. Idempotent. */
  @Override
  public synchronized void close() {
    Outcome unused = end(CLOSE_LIMIT);
    if (log != null) {
      log.close();
    }
  }

  private synchronized Outcome end(Duration limit) {
    Outcome known = outcome;
    if (known != null) {
      return known;
    }
    finish.within(limit);
    writer.close();
    backlog.hurry();
    boolean interrupted = Thread.interrupted();
    interrupted |= !join(writing, DISK_LIMIT);
    Thread sends = sending;
    Sender of = sender;
    if (sends != null && of != null) {
      interrupted |= !join(sends, limit.plus(GRACE));
      if (sends.isAlive()) {
        of.interrupt(sends);
        interrupted |= !join(sends, GRACE);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Outcome made = outcome(of, sends);
    outcome = made;
    observer.state(state());
    return made;
  }

  private Outcome outcome(@Nullable Sender of, @Nullable Thread sends) {
    OutboxState state = state();
    long setAside = of != null ? of.setAside() : direct != null ? direct.setAside() : 0;
    long outstanding = state.items() + setAside;
    Optional<String> reason = Optional.empty();
    long lost = writer.waiting();
    List<String> failures =
        Stream.of(of == null ? null : of.reason(), lost > 0 ? writer.failure() : null)
            .filter(Objects::nonNull)
            .map(failure -> String.valueOf(failure.getMessage()))
            .toList();
    if (outstanding > 0 && !failures.isEmpty()) {
      reason = Optional.of(String.join(" ", failures));
    } else if (state.items() > 0) {
      reason =
          Optional.of(
              of == null && direct == null
                  ? "no server was named"
                  : sends != null && sends.isAlive()
                      ? "the sender did not end"
                      : "the time for the end of the run was over");
    }
    return new Outcome(outstanding == 0, outstanding, state.thinned(), lost, reason);
  }

  /** Waits for a thread's end; false if this thread was interrupted meanwhile. */
  private static boolean join(Thread thread, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    for (long left = limit.toNanos();
        thread.isAlive() && left > 0;
        left = end - System.nanoTime()) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return !interrupted;
  }
}
