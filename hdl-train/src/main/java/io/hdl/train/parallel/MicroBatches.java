package io.hdl.train.parallel;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;

/**
 * How a step's batch is cut: each replica takes consecutive micro-batches, each micro-batch
 * consecutive rows. A value.
 *
 * @param replicas number of replicas
 * @param each micro-batches that each replica takes, one after another
 * @param order in which order their gradients are summed
 */
record MicroBatches(int replicas, int each, Order order) {
  /** In which order the gradients of one replica's micro-batches are summed. */
  enum Order {
    /** One after another, as they come. */
    SEQUENCE,
    /** Pairwise, in a binary tree over the numbers of all micro-batches. */
    TREE
  }

  /**
   * The cut for a number of replicas.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} if the choices contradict each
   *     other
   */
  static MicroBatches of(Determinism determinism, int replicas, int accumulation) {
    if (determinism.microBatches().isEmpty()) {
      return new MicroBatches(replicas, accumulation, Order.SEQUENCE);
    }
    int total = determinism.microBatches().getAsInt();
    if (replicas > total) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          "Cannot train with "
              + replicas
              + " replicas under portable("
              + total
              + "): there are more replicas than micro-batches. Choose portable("
              + Integer.highestOneBit(2 * replicas - 1)
              + ") or at most "
              + total
              + " replicas.");
    }
    if (total % replicas != 0) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          "Cannot train with "
              + replicas
              + " replicas under portable("
              + total
              + "): the number of replicas has to be a power of two, so that every replica owns a"
              + " branch of the tree of micro-batches. Choose "
              + Integer.highestOneBit(replicas)
              + " replicas.");
    }
    return new MicroBatches(replicas, total / replicas, Order.TREE);
  }

  /** Micro-batches in a step. */
  int total() {
    return replicas * each;
  }

  /** Refuses batches that leave a replica without work in every step. */
  void requireFits(int batchSize) {
    if (batchSize < total()) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          "Cannot train with a global batch size of "
              + batchSize
              + ": a step has "
              + total()
              + " micro-batches ("
              + replicas
              + (replicas == 1 ? " replica" : " replicas")
              + " with "
              + each
              + " each), and each takes at least one window. Choose a batch size of at least "
              + total()
              + ", or fewer replicas or micro-batches.");
    }
  }

  /** Number of a replica's first micro-batch. */
  int first(int rank) {
    return rank * each;
  }

  /** First row of a micro-batch of a batch with so many rows; the number after the last is rows. */
  int row(int microBatch, int rows) {
    // Rounded up, so that the first micro-batches take what does not divide.
    return (int) (((long) rows * microBatch + total() - 1) / total());
  }
}
