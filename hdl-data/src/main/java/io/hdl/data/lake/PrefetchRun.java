package io.hdl.data.lake;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryTime;
import io.hdl.data.cache.SnapshotLease;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.transfer.FetchSettings;
import io.hdl.data.transfer.RemoteFile;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One round of a prefetch: what is missing is found out, judged, and brought. */
final class PrefetchRun {
  /** Files at a time; each comes in several ranges. */
  private static final int FILES = 2;

  private static final Duration NAP = Duration.ofSeconds(1);

  private final CachePrefetch how;
  private final RetryTime time;
  private final Runnable checkpoint;
  private final List<Plan> plans = new ArrayList<>();
  private final Deque<Task> tasks = new ArrayDeque<>();
  private boolean stopped;

  /** What one table needs. */
  private static final class Plan {
    private final CachePrefetch.Wanted wanted;
    private final LakeTable table;
    private final TableSnapshot snapshot;
    private final List<RemoteFile> files;
    private final List<RemoteFile> missing;
    private final long fromLake;
    private @Nullable SnapshotLease lease;

    Plan(CachePrefetch.Wanted wanted, LakeTable table) {
      this.wanted = wanted;
      this.table = table;
      snapshot = table.snapshot(wanted.version());
      files = table.files(snapshot);
      missing = table.cache().missing(files);
      fromLake =
          missing.stream()
              .filter(file -> !table.cache().has(file))
              .mapToLong(RemoteFile::size)
              .sum();
    }
  }

  private record Task(Plan plan, RemoteFile file) {}

  PrefetchRun(CachePrefetch how, Runnable checkpoint) {
    this.how = how;
    this.time = how.time();
    this.checkpoint = checkpoint;
  }

  PrefetchReport run() {
    Instant begin = time.now();
    try {
      FetchSettings fetching = how.fetching();
      for (CachePrefetch.Wanted wanted : how.tables()) {
        LakeTable table = how.opener().open(wanted, how, fetching, checkpoint);
        try {
          plans.add(new Plan(wanted, table));
        } catch (RuntimeException | Error e) {
          table.close();
          throw e;
        }
      }
      judgeDeadline(begin);
      for (Plan plan : plans) {
        plan.lease = lease(plan);
        plan.missing.forEach(file -> tasks.add(new Task(plan, file)));
      }
      bring();
      return report(begin);
    } finally {
      plans.forEach(plan -> plan.table.close());
    }
  }

  private void judgeDeadline(Instant begin) {
    if (how.deadline().isEmpty()) {
      return;
    }
    Instant deadline = how.deadline().get();
    long bytes = plans.stream().mapToLong(plan -> plan.fromLake).sum();
    long rate = how.rate().orElseThrow();
    Duration work = Duration.ofNanos((long) (bytes * (1e9 / rate)));
    Instant done = bytes == 0 ? begin : how.windows().after(begin, work);
    if (done.isAfter(deadline)) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          String.format(
              Locale.ROOT,
              "deadline: %s cannot be met: %,d bytes are missing, which at %,d bytes/s in the"
                  + " windows %s are there at %s (expected: a later deadline, wider windows or"
                  + " more bandwidth)",
              deadline,
              bytes,
              rate,
              how.windows(),
              done));
    }
  }

  private SnapshotLease lease(Plan plan) {
    return plan.table.lease(how.holder(), plan.snapshot, time.now().plus(how.keep()));
  }

  private void bring() {
    if (tasks.isEmpty()) {
      return;
    }
    AtomicInteger number = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            FILES,
            task -> {
              Thread made = new Thread(task, "hdl-prefetch-" + number.incrementAndGet());
              made.setDaemon(true);
              return made;
            });
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < FILES; i++) {
        all.add(threads.submit(this::work));
      }
      join(all);
    } finally {
      stop();
      threads.shutdown();
    }
  }

  private void join(List<Future<?>> all) {
    RuntimeException failure = null;
    for (Future<?> each : all) {
      try {
        each.get();
      } catch (ExecutionException e) {
        stop();
        if (failure == null) {
          failure =
              e.getCause() instanceof RuntimeException cause
                  ? cause
                  : new HdlException(ErrorCode.INTERNAL, "The prefetch failed: " + e, e);
        }
      } catch (InterruptedException e) {
        stop();
        Thread.currentThread().interrupt();
        throw new HdlException(ErrorCode.CANCELLED, "The prefetch was interrupted.", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void work() {
    for (Task next = take(); next != null; next = take()) {
      try {
        sleepUntil(opening(), time, this::check);
        next.plan().table.cache().bring(next.file(), this::checkAll);
      } catch (Closed e) {
        // It goes on from its last byte when the window opens.
        putBack(next);
      } catch (Ended e) {
        return;
      }
    }
  }

  private Instant opening() {
    return how.windows().nextOpen(time.now());
  }

  private synchronized @Nullable Task take() {
    return stopped ? null : tasks.poll();
  }

  private synchronized void putBack(Task task) {
    tasks.addFirst(task);
  }

  private synchronized void stop() {
    stopped = true;
  }

  private void check() {
    checkpoint.run();
    boolean late = how.deadline().isPresent() && time.now().isAfter(how.deadline().get());
    synchronized (this) {
      stopped |= late;
      if (stopped) {
        throw new Ended();
      }
    }
  }

  private void checkAll() {
    check();
    if (!how.windows().isOpen(time.now())) {
      throw new Closed();
    }
  }

  private PrefetchReport report(Instant begin) {
    List<PrefetchReport.Table> tables = new ArrayList<>();
    for (Plan plan : plans) {
      Set<RemoteFile> missing = new HashSet<>(plan.table.cache().missing(plan.files));
      List<RemoteFile> brought =
          plan.missing.stream().filter(file -> !missing.contains(file)).toList();
      List<URI> left = missing.stream().map(RemoteFile::uri).sorted().toList();
      tables.add(
          new PrefetchReport.Table(
              plan.table.address(),
              plan.snapshot.version(),
              plan.files.size(),
              bytes(plan.files),
              brought.size(),
              bytes(brought),
              left));
      if (left.isEmpty()) {
        settle(plan);
      }
    }
    return new PrefetchReport(tables, Duration.between(begin, time.now()));
  }

  /** The lease runs from now on, and older ones of the same holder are over. */
  private void settle(Plan plan) {
    SnapshotLease lease = plan.lease;
    if (lease != null) {
      lease.renew(time.now().plus(how.keep()));
    }
    if (plan.wanted.version() instanceof TableVersion.Latest) {
      for (SnapshotLease other : plan.table.cache().leases(plan.table.address())) {
        if (other.holder().equals(how.holder()) && other.version() < plan.snapshot.version()) {
          other.release();
        }
      }
    }
  }

  private static long bytes(List<RemoteFile> files) {
    return files.stream().mapToLong(RemoteFile::size).sum();
  }

  /** Waits, calling a checkpoint now and then. */
  static void sleepUntil(Instant end, RetryTime time, Runnable checkpoint) {
    checkpoint.run();
    while (true) {
      Duration left = Duration.between(time.now(), end);
      if (left.isNegative() || left.isZero()) {
        return;
      }
      try {
        time.sleep(left.compareTo(NAP) < 0 ? left : NAP);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HdlException(ErrorCode.CANCELLED, "Waiting for a window was interrupted.", e);
      }
      checkpoint.run();
    }
  }

  /** The window closed. */
  private static final class Closed extends HdlException {
    private static final long serialVersionUID = 1L;

    Closed() {
      super(ErrorCode.CANCELLED, "The window is closed.");
    }
  }

  /** Nothing more is brought. */
  private static final class Ended extends HdlException {
    private static final long serialVersionUID = 1L;

    Ended() {
      super(ErrorCode.CANCELLED, "The prefetch has ended.");
    }
  }
}
