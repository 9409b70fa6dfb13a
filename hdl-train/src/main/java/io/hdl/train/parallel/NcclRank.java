package io.hdl.train.parallel;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;

/**
 * One rank of an exchange with NCCL: its GPU and its communicator, which is called under the rank's
 * lock only. Thread-safe.
 */
final class NcclRank {
  private static final long POLL_NANOS = 20_000;

  private final int gpu;
  private final NcclFunctions functions;
  private final CudaStreams streams;
  private final Runnable throwIfAborted;
  // NCCL writes the communicator here, at the latest when it is ready.
  private final PointerByReference communicator = new PointerByReference();
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean open; // written under the lock
  private final AtomicLong exchanges = new AtomicLong();
  private volatile long lastExchange;

  /**
   * A rank without a communicator.
   *
   * @param throwIfAborted leaves with what the exchange was aborted with, if it was
   */
  NcclRank(int gpu, NcclFunctions functions, CudaStreams streams, Runnable throwIfAborted) {
    this.gpu = gpu;
    this.functions = functions;
    this.streams = streams;
    this.throwIfAborted = throwIfAborted;
  }

  int gpu() {
    return gpu;
  }

  /** Whether there is a communicator, ready or not. */
  boolean isOpen() {
    return open;
  }

  /** Makes the communicator: the call writes it where it is told. */
  int open(ToIntFunction<PointerByReference> call) {
    open = true;
    return streams.on(gpu, () -> call.applyAsInt(communicator));
  }

  /** How many exchanges were begun. */
  long exchanges() {
    return exchanges.get();
  }

  /** How long ago the last exchange was begun. */
  long idleNanos(long now) {
    return now - lastExchange;
  }

  /** Begins an exchange and waits until it is under way; gives its result. */
  int exchange(ToIntFunction<Pointer> call) {
    lastExchange = System.nanoTime();
    exchanges.incrementAndGet();
    return settled(call(call), Long.MAX_VALUE);
  }

  /** Calls NCCL if the communicator is open, else leaves with what was aborted with. */
  int call(ToIntFunction<Pointer> call) {
    lock.lock();
    try {
      if (!open) {
        throwIfAborted.run();
        throw new IllegalStateException("The exchange is closed");
      }
      return streams.on(gpu, () -> call.applyAsInt(communicator.getValue()));
    } finally {
      lock.unlock();
    }
  }

  /** The final result of a call that may be in progress; polls until then. */
  int settled(int result, long deadline) {
    int state = result;
    while (state == NcclFunctions.IN_PROGRESS && System.nanoTime() < deadline) {
      LockSupport.parkNanos(POLL_NANOS);
      state = asyncResult();
    }
    return state;
  }

  /** How the last call stands; success if the rank's own thread is just calling. */
  int glance() {
    if (!lock.tryLock()) {
      return NcclFunctions.SUCCESS;
    }
    try {
      return open ? asyncResult() : NcclFunctions.SUCCESS;
    } finally {
      lock.unlock();
    }
  }

  private int asyncResult() {
    return call(
        ready -> {
          if (ready == null) {
            return NcclFunctions.IN_PROGRESS;
          }
          IntByReference state = new IntByReference();
          int result = functions.ncclCommGetAsyncError(ready, state);
          return result == NcclFunctions.SUCCESS ? state.getValue() : result;
        });
  }

  /** Ends what the GPU still waits for. */
  void abort() {
    lock.lock();
    try {
      Pointer ready = communicator.getValue();
      if (open && ready != null) {
        streams.on(gpu, () -> functions.ncclCommAbort(ready));
      }
      open = false;
    } finally {
      lock.unlock();
    }
  }

  /** Frees a communicator that is finalized. */
  void destroy() {
    call(functions::ncclCommDestroy);
    open = false;
  }
}
