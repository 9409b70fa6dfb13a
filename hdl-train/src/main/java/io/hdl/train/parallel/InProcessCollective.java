package io.hdl.train.parallel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.train.optim.TensorLists;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sums in a fixed order: pairwise in a binary tree over the ranks, ((0 + 1) + (2 + 3)) + ...,
 * whoever comes first. Each rank sums one part of all buffers and hands the sum to the others.
 * Buffers may lie on the CPU or on GPUs.
 */
final class InProcessCollective implements Collective {
  /** Far longer than a step takes: it ends a wait for a replica that is lost. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  private final int size;
  private final long patienceNanos;
  private final NDManager manager;
  private final TensorLists lists;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();

  // All below is read and written under the lock.
  private final @Nullable NDArray[] buffers;
  private final boolean[] here;
  private int arrived;
  private long barrier;
  private @Nullable Throwable failure;

  InProcessCollective(int size) {
    this(size, PATIENCE);
  }

  /**
   * An exchange.
   *
   * @param size number of ranks
   * @param patience how long a rank waits for the others
   */
  InProcessCollective(int size, Duration patience) {
    this.size = size;
    this.patienceNanos = patience.toNanos();
    this.manager = TorchEngine.start().newBaseManager(Device.cpu());
    this.lists = new TensorLists(manager);
    this.buffers = new NDArray[size];
    this.here = new boolean[size];
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void allReduce(int rank, NDArray buffer) {
    if (size == 1) {
      return;
    }
    lock.lock();
    try {
      buffers[rank] = buffer;
    } finally {
      lock.unlock();
    }
    await(rank);
    try {
      sum(rank, buffer.size());
    } catch (RuntimeException | Error e) {
      abort(e);
      throw e;
    }
    await(rank);
  }

  /** Sums this rank's part of all buffers and writes the sum into each of them. */
  private void sum(int rank, long length) {
    long from = length * rank / size;
    long to = length * (rank + 1) / size;
    if (from == to) {
      return;
    }
    NDIndex part = new NDIndex(from + ":" + to);
    List<NDArray> parts = new ArrayList<>(size);
    try {
      for (NDArray buffer : all(length)) {
        parts.add(buffer.get(part));
      }
      for (int stride = 1; stride < size; stride *= 2) {
        for (int left = 0; left + stride < size; left += 2 * stride) {
          add(parts.get(left), parts.get(left + stride));
        }
      }
      NDList others = new NDList(parts.subList(1, size));
      lists.copy(others, new NDList(Collections.nCopies(size - 1, parts.get(0))));
    } finally {
      parts.forEach(NDArray::close);
    }
  }

  private List<NDArray> all(long length) {
    List<NDArray> all = new ArrayList<>(size);
    lock.lock();
    try {
      for (int i = 0; i < size; i++) {
        NDArray buffer = buffers[i];
        if (buffer == null || buffer.size() != length) {
          throw new IllegalArgumentException(
              "buffer of rank "
                  + i
                  + ": "
                  + (buffer == null ? "none" : buffer.size() + " values")
                  + " (expected: "
                  + length
                  + ", as on every rank)");
        }
        all.add(buffer);
      }
    } finally {
      lock.unlock();
    }
    return all;
  }

  private static void add(NDArray sum, NDArray other) {
    Device device = sum.getDevice();
    if (device.equals(other.getDevice())) {
      sum.addi(other);
      return;
    }
    try (NDArray near = other.toDevice(device, true)) {
      sum.addi(near);
    }
  }

  /** Waits until all ranks are here. */
  private void await(int rank) {
    boolean interrupted = false;
    lock.lock();
    try {
      throwIfAborted();
      long mine = barrier;
      here[rank] = true;
      arrived++;
      if (arrived == size) {
        leave();
      }
      long left = patienceNanos;
      while (barrier == mine) {
        if (left <= 0) {
          abort(late());
          throwIfAborted();
        }
        try {
          left = moved.awaitNanos(left);
        } catch (InterruptedException e) {
          // The step is finished first: the others wait for this rank's part.
          interrupted = true;
        }
        throwIfAborted();
      }
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void leave() {
    Arrays.fill(here, false);
    arrived = 0;
    barrier++;
    moved.signalAll();
  }

  private HdlException late() {
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      if (!here[i]) {
        missing.add(i);
      }
    }
    return new HdlException(
        ErrorCode.DEVICE_FAILURE,
        "Cannot exchange gradients: of "
            + size
            + " replicas those numbered "
            + missing
            + " did not come within "
            + Duration.ofNanos(patienceNanos)
            + ". Look for a device or thread that hangs, and run the job again: it goes on after its"
            + " last checkpoint.");
  }

  private void throwIfAborted() {
    Throwable cause = failure;
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof RuntimeException exception) {
      throw exception;
    }
    if (cause != null) {
      throw new HdlException(
          ErrorCode.INTERNAL, "Cannot exchange gradients: a replica failed: " + cause, cause);
    }
  }

  @Override
  public void abort(Throwable cause) {
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
        moved.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      Arrays.fill(buffers, null);
    } finally {
      lock.unlock();
    }
    lists.close();
    manager.close();
  }
}
