package io.hdl.data.feed;

/**
 * Cuts the positions of an order into batches, numbered from 0. A batch is the same set of
 * positions whatever the number of replicas: each replica takes its share of it. A value.
 *
 * @param positions positions to cut, from 0 on
 * @param batchSize positions in a batch, over all replicas together; the last batch may be smaller
 * @param firstBatch number of the first batch to make; those before it are skipped
 * @param rank which replica's share is made, from 0
 * @param replicas number of replicas
 */
public record BatchPlan(long positions, int batchSize, long firstBatch, int rank, int replicas) {
  /** Checks the numbers. */
  public BatchPlan {
    if (positions < 0) {
      throw new IllegalArgumentException("positions: " + positions + " (expected: >= 0)");
    }
    if (batchSize < 1) {
      throw new IllegalArgumentException("batchSize: " + batchSize + " (expected: >= 1)");
    }
    if (replicas < 1 || rank < 0 || rank >= replicas) {
      throw new IllegalArgumentException(
          "rank, replicas: " + rank + ", " + replicas + " (expected: 0 <= rank < replicas)");
    }
    if (firstBatch < 0 || firstBatch > batches(positions, batchSize)) {
      throw new IllegalArgumentException(
          "firstBatch: "
              + firstBatch
              + " (expected: 0 to "
              + batches(positions, batchSize)
              + ", the number of batches)");
    }
  }

  /** All positions, in batches of a size, for one replica. */
  public static BatchPlan of(long positions, int batchSize) {
    return new BatchPlan(positions, batchSize, 0, 0, 1);
  }

  /** The same batches from a number on, for instance where an earlier attempt stopped. */
  public BatchPlan from(long batch) {
    return new BatchPlan(positions, batchSize, batch, rank, replicas);
  }

  /** One replica's share of each batch; the shares of all replicas make the batch. */
  public BatchPlan share(int ofRank, int ofReplicas) {
    return new BatchPlan(positions, batchSize, firstBatch, ofRank, ofReplicas);
  }

  /** Number of batches, skipped ones included. */
  public long batches() {
    return batches(positions, batchSize);
  }

  private static long batches(long positions, int batchSize) {
    return positions / batchSize + (positions % batchSize == 0 ? 0 : 1);
  }

  /** The most positions that this replica has in a batch. */
  public int capacity() {
    long largest = Math.min(batchSize, Math.max(1, positions));
    return (int) (largest / replicas + (largest % replicas == 0 ? 0 : 1));
  }

  /** First position of this replica's share of a batch. */
  public long position(long batch) {
    return batch * batchSize + edge(batch, rank);
  }

  /** Number of positions of this replica's share of a batch; may be 0 in the last one. */
  public int count(long batch) {
    return (int) (edge(batch, rank + 1) - edge(batch, rank));
  }

  private long edge(long batch, int ofRank) {
    if (batch < 0 || batch >= batches()) {
      throw new IndexOutOfBoundsException("batch " + batch + " of " + batches());
    }
    long size = Math.min(batchSize, positions - batch * batchSize);
    // Rounded up, so that the first replicas take what does not divide.
    return (size * ofRank + replicas - 1) / replicas;
  }
}
