package io.hdl.data.cache;

import io.hdl.data.transfer.RemoteFile;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;

/**
 * Files that are fetched in the background, in the order of a list, before they are asked for.
 * Thread-safe. Whoever reads the files closes it at the end.
 */
public final class FetchAhead implements AutoCloseable {
  private final Queue<RemoteFile> waiting;
  private final Map<String, HeldFile> fetched = new HashMap<>();
  private final Set<String> asked = new HashSet<>();
  private final BiFunction<RemoteFile, Runnable, HeldFile> fetch;
  private final Executor threads;
  private final int atOnce;
  private final long maxBytes;
  private final Runnable atEnd;
  private int running;
  private long bytes;
  private boolean closed;

  /**
   * A list that is not fetched yet.
   *
   * @param fetch brings and holds a file
   * @param atOnce how many files are fetched at a time
   * @param maxBytes how many bytes are fetched and not asked for, or being fetched; one file may be
   *     larger
   */
  FetchAhead(
      List<RemoteFile> files,
      BiFunction<RemoteFile, Runnable, HeldFile> fetch,
      Executor threads,
      int atOnce,
      long maxBytes,
      Runnable atEnd) {
    this.waiting = new ArrayDeque<>(files);
    this.fetch = fetch;
    this.threads = threads;
    this.atOnce = atOnce;
    this.maxBytes = maxBytes;
    this.atEnd = atEnd;
  }

  /** Begins as many fetches as there is room for. */
  synchronized void advance() {
    while (!closed && running < atOnce) {
      RemoteFile next = waiting.peek();
      if (next == null || (bytes > 0 && bytes + next.size() > maxBytes)) {
        return;
      }
      waiting.remove();
      if (!asked.contains(id(next))) {
        begin(next);
      }
    }
  }

  private void begin(RemoteFile file) {
    running++;
    bytes += file.size();
    try {
      threads.execute(() -> run(file));
    } catch (RejectedExecutionException e) {
      running--;
      closed = true;
    }
  }

  private void run(RemoteFile file) {
    HeldFile held = null;
    try {
      held = fetch.apply(file, this::check);
    } catch (RuntimeException e) {
      // Whoever asks for it tries again, and sees what is wrong.
    }
    boolean kept;
    synchronized (this) {
      running--;
      kept = held != null && !closed && !asked.contains(id(file));
      if (held != null && kept) {
        fetched.put(id(file), held);
      } else {
        bytes -= file.size();
      }
    }
    if (held != null && !kept) {
      held.close();
    }
    advance();
  }

  private void check() {
    synchronized (this) {
      if (closed) {
        throw new Ended();
      }
    }
  }

  /** Somebody holds a file: it need not be kept for him any more. */
  void asked(CacheKey key) {
    HeldFile held;
    synchronized (this) {
      asked.add(key.id());
      held = fetched.remove(key.id());
      if (held == null) {
        return;
      }
      bytes -= key.size();
    }
    held.close();
    advance();
  }

  private static String id(RemoteFile file) {
    return CacheKey.of(file).id();
  }

  /** Fetches no more, and gives up what was fetched and not asked for. Idempotent. */
  @Override
  public void close() {
    List<HeldFile> left;
    synchronized (this) {
      closed = true;
      waiting.clear();
      left = List.copyOf(fetched.values());
      fetched.clear();
    }
    left.forEach(HeldFile::close);
    atEnd.run();
  }

  private static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Ended() {
      super("ended", null, false, false);
    }
  }
}
