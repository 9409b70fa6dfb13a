package io.hdl.data.scan;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    this(count, table, "hdl-data-scan-");
  }

  /** Threads of another name. */
  ScanThreads(int count, String table, String prefix) {
    this.table = table;
    int scan = SCANS.incrementAndGet();
    AtomicInteger thread = new AtomicInteger();
    ThreadFactory factory =
        task -> {
          Thread made = new Thread(task, prefix + scan + "-" + thread.incrementAndGet());
          made.setDaemon(true);
          return made;
        };
    this.threads = Executors.newFixedThreadPool(count, factory);
  }

  /** Runs a task on one of the threads. */
  <T> Future<T> submit(Callable<T> task) {
    return threads.submit(task);
  }

  /** What a task gives; its failure is thrown. */
  static <T> T await(Future<T> future, String table) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(table, e);
    } catch (ExecutionException e) {
      throw failed(e.getCause() == null ? e : e.getCause(), table);
    }
  }

  /** Runs tasks on the scan's threads; the first failure stops the others and is thrown. */
  <T> List<T> all(Collection<Callable<T>> tasks) {
    return all(tasks.iterator());
  }

  /** As {@link #all(Collection)}, with tasks that are made while the first ones run. */
  <T> List<T> all(Iterator<Callable<T>> tasks) {
    List<Future<T>> futures = new ArrayList<>();
    AtomicBoolean stop = new AtomicBoolean();
    RuntimeException failure = null;
    try {
      while (!stop.get() && tasks.hasNext()) {
        Callable<T> task = tasks.next();
        futures.add(
            threads.submit(
                () -> {
                  try {
                    return task.call();
                  } catch (Throwable e) {
                    stop.set(true);
                    throw e;
                  }
                }));
      }
    } catch (RuntimeException e) {
      failure = e;
    }
    List<T> results = new ArrayList<>();
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
        throw interrupted(table, e);
      } catch (ExecutionException e) {
        if (failure == null) {
          failure = failed(e.getCause() == null ? e : e.getCause(), table);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  private static HdlException interrupted(String table, InterruptedException e) {
    return new HdlException(ErrorCode.CANCELLED, "Reading " + table + " was interrupted.", e);
  }

  private static RuntimeException failed(Throwable cause, String table) {
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
