package io.hdl.train.parallel;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Behaves as NCCL does without blocking, on memory of the CPU: a call is in progress until all
 * ranks have made it.
 */
final class FakeNccl implements NcclFunctions, CudaStreams {
  static final int UNHANDLED_CUDA_ERROR = 1;

  private record Buffer(Pointer memory, long count) {}

  private final List<Integer> gpus = new ArrayList<>();
  private final Map<Integer, Buffer> waiting = new HashMap<>();
  private int ranks;
  private int groups;

  final List<String> calls = new ArrayList<>();
  int initResult = SUCCESS;
  int endResult = SUCCESS;
  int asyncError = SUCCESS;

  NcclLibrary library() {
    return new NcclLibrary(this, "a fake", "2.26.2");
  }

  synchronized List<Integer> gpus() {
    return List.copyOf(gpus);
  }

  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  synchronized boolean isWaiting() {
    return !waiting.isEmpty();
  }

  synchronized void failLater(int result) {
    asyncError = result;
  }

  @Override
  public @Nullable Pointer current(int gpu) {
    return null;
  }

  @Override
  public int on(int gpu, IntSupplier call) {
    return call.getAsInt();
  }

  @Override
  public int ncclGetVersion(IntByReference version) {
    version.setValue(22602);
    return SUCCESS;
  }

  @Override
  public int ncclGetUniqueId(Pointer id) {
    id.setByte(127, (byte) 77);
    return SUCCESS;
  }

  @Override
  public synchronized int ncclCommInitRankConfig(
      PointerByReference communicator, int size, UniqueId id, int rank, Config config) {
    if (groups != 1 || id.internal[127] != 77 || config.blocking != 0 || rank != gpus.size()) {
      throw new AssertionError("rank " + rank + " in " + groups + " groups");
    }
    if (initResult != SUCCESS && initResult != IN_PROGRESS) {
      return initResult;
    }
    ranks = size;
    gpus.add(rank);
    communicator.setValue(new Pointer(rank + 1));
    return initResult;
  }

  private static int rank(Pointer communicator) {
    return (int) Pointer.nativeValue(communicator) - 1;
  }

  @Override
  public synchronized int ncclCommGetAsyncError(Pointer communicator, IntByReference result) {
    boolean pending = waiting.containsKey(rank(communicator));
    result.setValue(asyncError != SUCCESS ? asyncError : pending ? IN_PROGRESS : SUCCESS);
    return SUCCESS;
  }

  @Override
  public synchronized int ncclAllReduce(
      Pointer from,
      Pointer to,
      long count,
      int dataType,
      int operation,
      Pointer communicator,
      @Nullable Pointer stream) {
    if (!from.equals(to) || dataType != FLOAT32 || operation != SUM) {
      throw new AssertionError("not a sum of float32 in place");
    }
    waiting.put(rank(communicator), new Buffer(to, count));
    if (waiting.size() < ranks) {
      return IN_PROGRESS;
    }
    float[] sum = new float[(int) count];
    for (Buffer buffer : waiting.values()) {
      float[] values = buffer.memory().getFloatArray(0, (int) buffer.count());
      for (int i = 0; i < sum.length; i++) {
        sum[i] += values[i];
      }
    }
    waiting.values().forEach(buffer -> buffer.memory().write(0, sum, 0, sum.length));
    waiting.clear();
    return SUCCESS;
  }

  @Override
  public synchronized int ncclCommFinalize(Pointer communicator) {
    calls.add("finalize " + rank(communicator));
    return SUCCESS;
  }

  @Override
  public synchronized int ncclCommDestroy(Pointer communicator) {
    calls.add("destroy " + rank(communicator));
    return SUCCESS;
  }

  @Override
  public synchronized int ncclCommAbort(Pointer communicator) {
    calls.add("abort " + rank(communicator));
    waiting.remove(rank(communicator));
    return SUCCESS;
  }

  @Override
  public String ncclGetErrorString(int result) {
    return result == UNHANDLED_CUDA_ERROR ? "unhandled cuda error" : "result " + result;
  }

  @Override
  public String ncclGetLastError(@Nullable Pointer communicator) {
    return "Cuda failure 'no device'";
  }

  @Override
  public synchronized int ncclGroupStart() {
    groups++;
    return SUCCESS;
  }

  @Override
  public synchronized int ncclGroupEnd() {
    groups--;
    calls.add("group end");
    return endResult;
  }
}
