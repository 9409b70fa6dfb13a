package io.hdl.train.parallel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sums on GPUs with NCCL, on the tensors' own memory and the stream on which libtorch computes. The
 * order of the sum is NCCL's: the same bits on all ranks and, with the same devices and NCCL, in
 * repeated runs, but others with another number of ranks.
 *
 * <p>Communicators do not block: a call that has to wait for other ranks is polled, so that it ends
 * when a rank aborts. A watching thread, {@code hdl-nccl-watch}, asks for errors that come later,
 * and for ranks that stay behind the others.
 */
final class NcclCollective implements Collective {
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration END = Duration.ofSeconds(10);
  private static final long WATCH_MILLIS = 100;

  private final NcclLibrary nccl;
  private final CudaStreams streams;
  private final Duration patience;
  private final List<NcclRank> ranks = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread watch;

  /**
   * Whether replicas exchange with NCCL: on several GPUs, unless the sum has to be in an order that
   * does not depend on their number.
   */
  static boolean fits(List<Device> devices, Determinism determinism) {
    return devices.size() > 1
        && devices.stream().allMatch(Device::isGpu)
        && determinism.microBatches().isEmpty();
  }

  /**
   * Connects GPUs.
   *
   * @param devices one GPU per rank
   * @throws HdlException with {@link ErrorCode#ENVIRONMENT_MISMATCH} if NCCL is not found or does
   *     not start
   */
  static NcclCollective of(List<Device> devices) {
    List<Integer> gpus = new ArrayList<>();
    for (Device device : devices) {
      if (!device.isGpu()) {
        throw new IllegalArgumentException("devices: " + devices + " (expected: GPUs)");
      }
      gpus.add(device.getDeviceId());
    }
    return new NcclCollective(
        NcclLibrary.find(), CudaStreams.ofTorch(), gpus, InProcessCollective.PATIENCE);
  }

  NcclCollective(NcclLibrary nccl, CudaStreams streams, List<Integer> gpus, Duration patience) {
    this.nccl = nccl;
    this.streams = streams;
    this.patience = patience;
    gpus.forEach(
        gpu -> ranks.add(new NcclRank(gpu, nccl.functions(), streams, this::throwIfAborted)));
    try {
      connect();
    } catch (RuntimeException e) {
      abort(e);
      throw e;
    }
    watch = new Thread(this::watch, "hdl-nccl-watch");
    watch.setDaemon(true);
    watch.start();
  }

  /** Which NCCL, with its version, for a run's record. */
  String library() {
    return nccl.version() + ", " + nccl.origin();
  }

  private void connect() {
    NcclFunctions functions = nccl.functions();
    try (Memory memory = new Memory(NcclFunctions.UNIQUE_ID_BYTES)) {
      requireStarted(functions.ncclGetUniqueId(memory), "ncclGetUniqueId");
      NcclFunctions.UniqueId id = NcclFunctions.UniqueId.read(memory);
      NcclFunctions.Config config = NcclFunctions.Config.nonBlocking();
      requireStarted(functions.ncclGroupStart(), "ncclGroupStart");
      int first = NcclFunctions.SUCCESS;
      for (int i = 0; i < ranks.size() && isGoing(first); i++) {
        int number = i;
        first =
            ranks
                .get(i)
                .open(
                    communicator ->
                        functions.ncclCommInitRankConfig(
                            communicator, ranks.size(), id, number, config));
      }
      // A group that was begun has to be ended, whatever became of its calls.
      int end = functions.ncclGroupEnd();
      requireStarted(first, "ncclCommInitRankConfig");
      requireStarted(end, "ncclGroupEnd");
      long begun = System.nanoTime();
      for (NcclRank rank : ranks) {
        int state = rank.settled(NcclFunctions.IN_PROGRESS, begun + START.toNanos());
        if (state != NcclFunctions.SUCCESS) {
          throw notStarted("ncclCommInitRankConfig", state);
        }
      }
    }
  }

  static boolean isGoing(int result) {
    return result == NcclFunctions.SUCCESS || result == NcclFunctions.IN_PROGRESS;
  }

  private void requireStarted(int result, String function) {
    if (!isGoing(result)) {
      throw notStarted(function, result);
    }
  }

  private HdlException notStarted(String function, int result) {
    return new HdlException(
        ErrorCode.ENVIRONMENT_MISMATCH,
        "Cannot connect "
            + gpus()
            + " with NCCL "
            + library()
            + ": "
            + function
            + (result == NcclFunctions.IN_PROGRESS
                ? " did not end within " + START
                : ": " + nccl.describe(result, null))
            + ". Check the driver with nvidia-smi, set NCCL_DEBUG=WARN to see more, or choose"
            + " Determinism.portable, which exchanges without NCCL.");
  }

  private String gpus() {
    return "GPUs " + ranks.stream().map(NcclRank::gpu).toList();
  }

  @Override
  public int size() {
    return ranks.size();
  }

  @Override
  public void allReduce(int number, NDArray buffer) {
    NcclRank rank = ranks.get(number);
    throwIfAborted();
    Pointer data = TorchLibrary.address(buffer);
    long count = buffer.size();
    int result =
        rank.exchange(
            communicator ->
                nccl.functions()
                    .ncclAllReduce(
                        data,
                        data,
                        count,
                        NcclFunctions.FLOAT32,
                        NcclFunctions.SUM,
                        communicator,
                        streams.current(rank.gpu())));
    if (result != NcclFunctions.SUCCESS) {
      abort(failed("ncclAllReduce", rank, result));
      throwIfAborted();
    }
  }

  private HdlException failed(String function, NcclRank rank, int result) {
    return new HdlException(
        ErrorCode.DEVICE_FAILURE,
        "Cannot exchange gradients between "
            + gpus()
            + " with NCCL "
            + library()
            + ": "
            + function
            + " on GPU "
            + rank.gpu()
            + ": "
            + nccl.describe(result, null)
            + ". Look for errors of the GPUs (nvidia-smi, dmesg), set NCCL_DEBUG=WARN to see more,"
            + " and run the job again: it goes on after its last checkpoint.");
  }

  private void watch() {
    try {
      while (!closed.await(WATCH_MILLIS, TimeUnit.MILLISECONDS) && failure.get() == null) {
        ranks.forEach(this::look);
        lookForMissing();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(NcclRank rank) {
    int state = rank.glance();
    if (!isGoing(state)) {
      abort(failed("an exchange", rank, state));
    }
  }

  private void lookForMissing() {
    long most = ranks.stream().mapToLong(NcclRank::exchanges).max().orElse(0);
    long now = System.nanoTime();
    boolean late =
        ranks.stream()
            .anyMatch(rank -> rank.exchanges() == most && rank.idleNanos(now) > patience.toNanos());
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < ranks.size(); i++) {
      if (ranks.get(i).exchanges() < most) {
        missing.add(i);
      }
    }
    if (late && !missing.isEmpty()) {
      abort(
          new HdlException(
              ErrorCode.DEVICE_FAILURE,
              "Cannot exchange gradients: of "
                  + ranks.size()
                  + " replicas those numbered "
                  + missing
                  + " did not come within "
                  + patience
                  + ". Look for a device or thread that hangs, and run the job again: it goes on"
                  + " after its last checkpoint."));
    }
  }

  private void throwIfAborted() {
    Throwable cause = failure.get();
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

  /** Ends what the GPUs still wait for, too: a kernel whose peers never come would run for ever. */
  @Override
  public void abort(Throwable cause) {
    if (failure.compareAndSet(null, cause)) {
      ranks.forEach(NcclRank::abort);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    boolean interrupted = false;
    while (watch.isAlive()) {
      try {
        watch.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    finish();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Frees the communicators in two steps, since they do not block: finalize all, then destroy. */
  private void finish() {
    NcclFunctions functions = nccl.functions();
    List<NcclRank> open = ranks.stream().filter(NcclRank::isOpen).toList();
    open.forEach(rank -> rank.call(functions::ncclCommFinalize));
    long deadline = System.nanoTime() + END.toNanos();
    for (NcclRank rank : open) {
      if (rank.settled(NcclFunctions.IN_PROGRESS, deadline) == NcclFunctions.SUCCESS) {
        rank.destroy();
      } else {
        rank.abort();
      }
    }
  }
}
