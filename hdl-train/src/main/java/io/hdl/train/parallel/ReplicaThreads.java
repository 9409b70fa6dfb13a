package io.hdl.train.parallel;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads of replicas: the caller's for the first one, {@code hdl-replica-1} and so on for the
 * others. All of them do the same work at the same time; the first failure ends it for all.
 *
 * <p>libtorch keeps the number of threads that one operation may use per calling thread. Replicas
 * on the CPU share the caller's number; under {@link Determinism#portable} an operation uses one
 * thread, since sums come out in another order with another number. The caller's own number is
 * restored by {@link #close}.
 */
final class ReplicaThreads implements AutoCloseable {
  private static final Duration LEAVE = InProcessCollective.PATIENCE.plusMinutes(1);

  private final Collective collective;
  private final List<ExecutorService> others = new ArrayList<>();
  private final int before = JniUtils.getNumThreads();
  private final int bound;
  private @Nullable Throwable failure;

  private ReplicaThreads(Collective collective, int bound) {
    this.collective = collective;
    this.bound = bound;
  }

  static ReplicaThreads start(
      List<Device> devices, Determinism determinism, Collective collective) {
    int now = JniUtils.getNumThreads();
    long onCpu = devices.stream().filter(device -> !device.isGpu()).count();
    int bound =
        determinism.microBatches().isPresent() ? 1 : (int) Math.max(1, now / Math.max(1, onCpu));
    ReplicaThreads threads = new ReplicaThreads(collective, bound);
    if (bound != now) {
      JniUtils.setNumThreads(bound);
    }
    for (int rank = 1; rank < devices.size(); rank++) {
      threads.others.add(threads.executor(rank));
    }
    return threads;
  }

  private ExecutorService executor(int rank) {
    return Executors.newSingleThreadExecutor(
        work -> {
          Runnable bounded =
              () -> {
                JniUtils.setNumThreads(bound);
                work.run();
              };
          Thread thread = new Thread(bounded, "hdl-replica-" + rank);
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Does work on all threads and waits until each has left it.
   *
   * @param work takes the replica's rank
   * @throws RuntimeException what the first one to fail has thrown
   */
  void run(IntConsumer work) {
    Throwable earlier = failure();
    if (earlier != null) {
      throw new IllegalStateException(
          "The replicas have failed before (" + earlier + "). Open a new group.", earlier);
    }
    List<Future<?>> running = new ArrayList<>(others.size());
    for (int rank = 1; rank <= others.size(); rank++) {
      int ofRank = rank;
      running.add(others.get(rank - 1).submit(() -> guarded(work, ofRank)));
    }
    guarded(work, 0);
    for (int rank = 1; rank <= running.size(); rank++) {
      join(running.get(rank - 1), rank);
    }
    Throwable first = failure();
    if (first != null) {
      throw rethrown(first);
    }
  }

  /** What a thread threw reaches the others through the collective, and the caller afterwards. */
  private void guarded(IntConsumer work, int rank) {
    try {
      work.accept(rank);
    } catch (Throwable e) { // errors too: the others would wait for this replica for ever
      fail(e);
    }
  }

  private synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
      collective.abort(cause);
    }
  }

  private synchronized @Nullable Throwable failure() {
    return failure;
  }

  private void join(Future<?> running, int rank) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + LEAVE.toNanos();
    try {
      while (true) {
        try {
          running.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
          return;
        } catch (InterruptedException e) {
          interrupted = true; // the step is finished first; it reads the batch's memory
        } catch (ExecutionException e) {
          fail(Objects.requireNonNullElse(e.getCause(), e));
          return;
        } catch (TimeoutException e) {
          fail(
              new HdlException(
                  ErrorCode.INTERNAL,
                  "Replica "
                      + rank
                      + " did not end its step within "
                      + LEAVE
                      + ". Look for a device that hangs, and run the job again: it goes on after its"
                      + " last checkpoint.",
                  e));
          return;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof RuntimeException exception) {
      return exception;
    }
    return new HdlException(ErrorCode.INTERNAL, "A replica failed: " + cause, cause);
  }

  /** Ends the threads and waits for them. Idempotent. */
  @Override
  public void close() {
    others.forEach(ExecutorService::shutdownNow);
    try {
      for (ExecutorService thread : others) {
        if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
          throw new IllegalStateException("A replica's thread did not end within a minute.");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (JniUtils.getNumThreads() != before) {
      JniUtils.setNumThreads(before);
    }
  }
}
