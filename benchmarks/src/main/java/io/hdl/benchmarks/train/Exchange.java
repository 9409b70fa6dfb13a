package io.hdl.benchmarks.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.hdl.train.parallel.Collective;
import io.hdl.train.parallel.Determinism;
import io.hdl.train.parallel.TorchEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** All-reduces of one flat float32 buffer per device, a thread each, as replicas do them. */
final class Exchange {
  private Exchange() {}

  /** Seconds from the first rank's start to the last one's end for so many all-reduces. */
  static double seconds(List<Device> devices, Determinism determinism, long bytes, int count) {
    ExecutorService threads = Executors.newFixedThreadPool(devices.size());
    CyclicBarrier start = new CyclicBarrier(devices.size());
    try (Collective collective = Collective.of(devices, determinism)) {
      List<Future<long[]>> ranks = new ArrayList<>();
      for (int rank = 0; rank < devices.size(); rank++) {
        int own = rank;
        ranks.add(
            threads.submit(() -> rank(own, devices.get(own), collective, start, bytes / 4, count)));
      }
      long began = Long.MAX_VALUE;
      long ended = Long.MIN_VALUE;
      for (Future<long[]> rank : ranks) {
        long[] times = rank.get();
        began = Math.min(began, times[0]);
        ended = Math.max(ended, times[1]);
      }
      return (ended - began) / 1e9;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static long[] rank(
      int rank, Device device, Collective collective, CyclicBarrier start, long length, int count)
      throws InterruptedException, BrokenBarrierException {
    try (NDManager manager = TorchEngine.start().newBaseManager(device)) {
      // Zeros stay zeros, however often they are summed.
      NDArray buffer = manager.zeros(new Shape(length));
      collective.allReduce(rank, buffer);
      wait(buffer);
      start.await();
      long began = System.nanoTime();
      for (int i = 0; i < count; i++) {
        collective.allReduce(rank, buffer);
      }
      wait(buffer);
      return new long[] {began, System.nanoTime()};
    }
  }

  /** Until a GPU has done all that was asked of it. */
  private static void wait(NDArray buffer) {
    try (NDArray first = buffer.get(0)) {
      first.getFloat();
    }
  }
}
