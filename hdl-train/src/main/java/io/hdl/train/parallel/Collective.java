package io.hdl.train.parallel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Exchanges flat buffers between the replicas of one training, in this process. Every rank calls
 * {@link #allReduce} from a thread of its own; a rank that fails calls {@link #abort}, and all
 * others leave with its error. No call waits for ever.
 */
public interface Collective extends AutoCloseable {
  /**
   * The exchange that fits devices: NCCL on several GPUs; in a fixed order, by copies, on the CPU
   * and wherever the sum must not depend on the number of ranks.
   *
   * @param devices one for each rank
   * @throws io.hdl.core.error.HdlException with {@code ENVIRONMENT_MISMATCH} if NCCL is needed and
   *     not found, or does not start
   */
  static Collective of(List<Device> devices, Determinism determinism) {
    return NcclCollective.fits(devices, determinism)
        ? NcclCollective.of(devices)
        : new InProcessCollective(devices.size());
  }

  /** Number of ranks. */
  int size();

  /**
   * Sums the buffers of all ranks: when it returns, the buffer holds the sum, the same bits on
   * every rank. On a GPU the sum may still be on its way on the device's stream.
   *
   * @param rank whose buffer it is, from 0
   * @param buffer {@code [n]} of float32 on the rank's device, as long on every rank; changed in
   *     place
   * @throws RuntimeException what a rank aborted with, or a {@link io.hdl.core.error.HdlException}
   *     that names the ranks that did not come in time
   */
  void allReduce(int rank, NDArray buffer);

  /**
   * Ends the exchange for all ranks: those that wait and those that come later leave with the
   * cause. The first cause counts; further ones do nothing. Any thread.
   */
  void abort(Throwable cause);

  /** Frees what the exchange holds, after the last rank has left. Idempotent. */
  @Override
  void close();
}
