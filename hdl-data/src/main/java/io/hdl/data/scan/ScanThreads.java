package io.hdl.data.scan;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The named threads of one scan. Used and closed by one thread. */
final class ScanThreads implements AutoCloseable {
  private static final AtomicInteger SCANS = new AtomicInteger();

  private final ExecutorService threads;
  private final String table;

  /**
   * Threads that start when there is work.
   *
   * @param table what is read, for messages
   */
  ScanThreads(int count, String table) {
    this.table = table;
    int scan = SCANS.incrementAndGet();
    AtomicInteger thread = new AtomicInteger();
    ThreadFactory factory =
        task -> {
          Thread made = new Thread(task, "hdl-data-scan-" + scan + "-" + thread.incrementAndGet());
          made.setDaemon(true);
          return made;
        };
    this.threads = Executors.newFixedThreadPool(count, factory);
  }

  /** Runs tasks on the scan's threads; the first failure stops the others and is thrown. */
  <T> List<T> all(List<Callable<T>> tasks) {
    List<Future<T>> futures = new ArrayList<>();
    for (Callable<T> task : tasks) {
      futures.add(threads.submit(task));
    }
    List<T> results = new ArrayList<>();
    RuntimeException failure = null;
    for (Future<T> future : futures) {
      try {
        if (failure != null) {
          future.cancel(false);
        }
        results.add(future.get());
      } catch (CancellationException e) {
        // Stopped because another one failed.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        futures.forEach(other -> other.cancel(true));
        throw new HdlException(ErrorCode.CANCELLED, "Reading " + table + " was interrupted.", e);
      } catch (ExecutionException e) {
        if (failure == null) {
          failure = failed(e.getCause() == null ? e : e.getCause());
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  private RuntimeException failed(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException runtime
        ? runtime
        : new HdlException(ErrorCode.INTERNAL, "Cannot read " + table, cause);
  }

  /** Ends the threads and waits for them. Idempotent. */
  @Override
  public void close() {
    threads.shutdownNow();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
