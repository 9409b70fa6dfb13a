package io.hdl.data.row;

import io.hdl.data.series.Part;

/**
 * One way through the rows of a part. A value.
 *
 * @param part which rows
 * @param order in which order
 * @param batchSize rows in a batch, over all replicas together; the last batch may be smaller
 * @param seed seed of the order
 * @param epoch number of the epoch; another epoch has another order
 * @param firstBatch number of the first batch to make; those before it are skipped, without the
 *     rows before the first block that it needs being read
 * @param rank which replica's share of each batch is made, from 0
 * @param replicas number of replicas
 */
public record RowPass(
    Part part,
    Order order,
    int batchSize,
    long seed,
    long epoch,
    long firstBatch,
    int rank,
    int replicas) {
  /** Orders of rows. */
  public enum Order {
    /** That of the table: files in the order of their names, rows in the order of the file. */
    TABLE,
    /** A seeded one, see {@link RowSpec#shuffleRows}. */
    SHUFFLED
  }

  /** The rows in the order of the table, for evaluation. */
  public static RowPass inOrder(Part part, int batchSize) {
    return new RowPass(part, Order.TABLE, batchSize, 0, 0, 0, 0, 1);
  }

  /** Each row once in a shuffled order: one epoch of training. */
  public static RowPass shuffled(Part part, int batchSize, long seed, long epoch) {
    return new RowPass(part, Order.SHUFFLED, batchSize, seed, epoch, 0, 0, 1);
  }

  /** The same pass from a batch on, for instance where an earlier attempt stopped. */
  public RowPass from(long batch) {
    return new RowPass(part, order, batchSize, seed, epoch, batch, rank, replicas);
  }

  /** One replica's share of each batch; the shares of all replicas make the batch. */
  public RowPass share(int ofRank, int ofReplicas) {
    return new RowPass(part, order, batchSize, seed, epoch, firstBatch, ofRank, ofReplicas);
  }
}
