package io.hdl.train.evaluate;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Works on numbered tasks with several named threads, which are joined before it returns. */
final class WindowThreads implements Runnable {
  private static final AtomicInteger POOLS = new AtomicInteger();

  private final int count;
  private final IntConsumer task;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private WindowThreads(int count, IntConsumer task) {
    this.count = count;
    this.task = task;
  }

  /**
   * Runs a task for every number below a count; the first failure stops the others and is thrown.
   *
   * @param threads number of threads, the calling one included
   */
  static void forEach(int count, int threads, IntConsumer task) {
    WindowThreads all = new WindowThreads(count, task);
    int pool = POOLS.incrementAndGet();
    List<Thread> started = new ArrayList<>();
    for (int i = 1; i < Math.min(threads, count); i++) {
      Thread thread = new Thread(all, "hdl-evaluate-" + pool + "-" + i);
      thread.setDaemon(true);
      thread.start();
      started.add(thread);
    }
    all.run();
    all.join(started);
    Throwable thrown = all.failure.get();
    if (thrown instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
  }

  @Override
  public void run() {
    try {
      for (int i = next.getAndIncrement();
          i < count && failure.get() == null;
          i = next.getAndIncrement()) {
        task.accept(i);
      }
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  private void join(List<Thread> threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
          failure.compareAndSet(
              null, new HdlException(ErrorCode.CANCELLED, "Evaluating was interrupted.", e));
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
