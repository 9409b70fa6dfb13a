package io.hdl.data.transfer;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.storage.RangeReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One pass over what is missing of a file: threads that bring one span after the other until none
 * is left, one of them fails, or the run is stopped. The first answer pins the version; only then
 * do the other threads begin.
 */
final class FetchRun {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final long LOOK_AROUND_MILLIS = 50;
  private static final long JOIN_MILLIS = 10_000;

  private final RemoteFile file;
  private final FetchSettings settings;
  private final PartialFile partial;
  private final Buffers buffers;
  private final RangeBringer bringer;
  private final Deque<Span> spans;
  private final List<Thread> threads = new ArrayList<>();
  private final int wanted;
  private final int first;
  private int unfinished;
  private int running;
  private boolean stopped;
  private @Nullable Throwable failure;

  FetchRun(
      RangeReader reader,
      RemoteFile file,
      FetchSettings settings,
      PartialFile partial,
      Buffers buffers,
      LongAdder bytesOnWire,
      AtomicInteger tries) {
    this.file = file;
    this.settings = settings;
    this.partial = partial;
    this.buffers = buffers;
    spans = new ArrayDeque<>(partial.missing(settings.rangeBytes()));
    wanted = Math.min(settings.parallelRanges(), spans.size());
    bringer =
        new RangeBringer(reader, file, settings, partial, () -> start(wanted), bytesOnWire, tries);
    first = partial.etag().or(file::etag).isPresent() ? wanted : Math.min(1, wanted);
    unfinished = spans.size();
  }

  /**
   * Waits until everything is there.
   *
   * @param checkpoint called every 50 ms; may throw to end the run
   * @param until the time, by {@link System#nanoTime}, at which it is given up
   */
  void await(Runnable checkpoint, long until) {
    try {
      start(first);
      while (!done()) {
        checkpoint.run();
        if (System.nanoTime() - until >= 0) {
          throw new HdlException(
              ErrorCode.UNAVAILABLE,
              String.format(
                  Locale.ROOT,
                  "Cannot fetch %s: not done after %s. What has arrived is kept for the next"
                      + " fetch. Raise FetchSettings.deadline, or check the link.",
                  file.uri(),
                  seconds(settings.deadline())));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HdlException(
          ErrorCode.CANCELLED, "Cannot fetch " + file.uri() + ": the thread was interrupted.", e);
    } finally {
      stop();
      join();
    }
    Throwable failed = failure();
    if (failed instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failed instanceof Error error) {
      throw error;
    }
  }

  /** Ends it from any thread: what waits is interrupted. */
  void stop() {
    List<Thread> started;
    synchronized (this) {
      stopped = true;
      started = running > 0 ? List.copyOf(threads) : List.of();
      notifyAll();
    }
    partial.interrupt(started);
  }

  @SuppressWarnings("WaitNotInLoop") // its caller asks again
  private synchronized boolean done() throws InterruptedException {
    if (running > 0 && failure == null && !stopped) {
      wait(LOOK_AROUND_MILLIS);
    }
    return running == 0 || failure != null || stopped;
  }

  private synchronized @Nullable Throwable failure() {
    if (failure == null && unfinished > 0) {
      return new HdlException(
          ErrorCode.CANCELLED, "Cannot fetch " + file.uri() + ": the fetcher was closed.");
    }
    return failure;
  }

  private synchronized void start(int count) {
    while (!stopped && threads.size() < count) {
      Thread thread = new Thread(this::work, "hdl-fetch-" + NUMBER.incrementAndGet());
      thread.setDaemon(true);
      threads.add(thread);
      running++;
      thread.start();
    }
  }

  private void work() {
    ByteBuffer buffer = buffers.take();
    try {
      for (Span span = next(); span != null; span = next()) {
        bringer.bring(span, buffer);
        brought();
      }
      ended(null);
    } catch (RuntimeException | Error e) {
      ended(e);
    } finally {
      buffers.giveBack(buffer);
    }
  }

  private synchronized @Nullable Span next() {
    return stopped || failure != null ? null : spans.pollFirst();
  }

  private synchronized void brought() {
    unfinished--;
  }

  private synchronized void ended(@Nullable Throwable e) {
    running--;
    if (e != null && failure == null && !stopped) {
      failure = e;
    }
    notifyAll();
  }

  /** Bounded: a thread may be in a name look-up, which nothing ends; it finds the file closed. */
  private void join() {
    boolean interrupted = false;
    long until = System.nanoTime() + Duration.ofMillis(JOIN_MILLIS).toNanos();
    List<Thread> started;
    synchronized (this) {
      started = List.copyOf(threads);
    }
    for (Thread thread : started) {
      while (thread.isAlive() && System.nanoTime() - until < 0) {
        try {
          thread.join(100);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
  }
}
