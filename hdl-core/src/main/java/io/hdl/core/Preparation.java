package io.hdl.core;

import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * What a trainer prepares on a thread of its own while the job opens its data. Started, awaited and
 * closed by the job's thread.
 */
final class Preparation implements AutoCloseable {
  private final FutureTask<Void> work;
  private final Thread thread;
  private boolean told;

  private Preparation(Runnable work) {
    this.work = new FutureTask<>(work, null);
    thread = new Thread(this.work, "hdl-prepare");
    thread.setDaemon(true);
  }

  /** Begins the work. */
  static Preparation start(Runnable work) {
    Preparation preparation = new Preparation(work);
    preparation.thread.start();
    return preparation;
  }

  /**
   * Waits for the end of the work; it is short, and nothing interrupts it.
   *
   * @throws RuntimeException what the work has thrown, if {@link #close} or this was not called
   *     before
   */
  void await() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          thread.join();
          work.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          tell(Objects.requireNonNullElse(e.getCause(), e));
          return;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void tell(Throwable failure) {
    if (told) {
      return;
    }
    told = true;
    if (failure instanceof Error error) {
      throw error;
    }
    throw failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(failure);
  }

  /** Waits as {@link #await} does, so that no thread is left behind. Idempotent. */
  @Override
  public void close() {
    await();
  }
}
