package io.hdl.data.row;

import io.hdl.data.feed.BatchFeed;
import io.hdl.data.feed.BatchPlan;
import io.hdl.data.feed.FeedSettings;
import io.hdl.data.feed.Lease;
import org.jspecify.annotations.Nullable;

/**
 * Batches of rows, made ahead of the consumer: ranges of the table are decoded in parallel into one
 * of two blocks ({@code hdl-feed-blocks-…} asks for them, the scan's threads decode), while threads
 * of the feed ({@code hdl-feed-rows-…}) draw batches out of the other. What a batch holds depends
 * on table, specification and pass alone, never on the number of threads or the depth of the ring.
 * A batch is not filled again before its lease is closed; nothing but the lease is allocated per
 * batch.
 *
 * <p>Belongs to one thread, which closes it before the dataset; any thread may close a lease.
 */
public final class RowFeed implements AutoCloseable {
  private final RowDataset dataset;
  private final int batchSize;
  private final BatchFeed<RowBatch> ring;
  private RowBlock[] memory = {};
  private @Nullable StreamedBlocks streamed;

  RowFeed(RowDataset dataset, RowPass pass, FeedSettings settings) {
    this.dataset = dataset;
    this.batchSize = pass.batchSize();
    RowTable table = dataset.table();
    int capacity = plan(pass).capacity();
    this.ring =
        BatchFeed.open(
            "rows", settings, () -> new RowBatch(capacity, table.features(), table.labels()));
    try {
      begin(pass);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private BatchPlan plan(RowPass pass) {
    return new BatchPlan(
        dataset.rows(pass.part()),
        pass.batchSize(),
        pass.firstBatch(),
        pass.rank(),
        pass.replicas());
  }

  /**
   * Begins another pass; what is left of the one before is abandoned.
   *
   * @param pass with the batch size and number of replicas that the feed was opened with
   * @throws IllegalStateException if a lease is open
   */
  public void begin(RowPass pass) {
    if (pass.batchSize() != batchSize) {
      throw new IllegalArgumentException(
          "batchSize: " + pass.batchSize() + " (expected: " + batchSize + ", the feed's)");
    }
    BatchPlan plan = plan(pass);
    RowBlocks blocks = RowBlocks.of(dataset.table().index(), pass, dataset.spec().shuffleRows());
    ring.end();
    endLoading();
    BlockSource source;
    if (blocks.count() > 1) {
      streamed = new StreamedBlocks(dataset.table(), blocks, pass, plan, room(blocks.largest()));
      source = streamed;
    } else {
      source = new ResidentBlock(() -> dataset.resident(pass.part()));
    }
    ring.begin(plan.firstBatch(), plan.batches(), new Drawing(plan, blocks, source));
  }

  private RowBlock[] room(int rows) {
    if (memory.length == 0 || memory[0].capacity() < rows) {
      int capacity = Math.max(rows, dataset.spec().shuffleRows());
      RowTable table = dataset.table();
      memory = new RowBlock[0];
      memory =
          new RowBlock[] {
            new RowBlock(capacity, table.features(), table.labels()),
            new RowBlock(capacity, table.features(), table.labels())
          };
    }
    return memory;
  }

  private void endLoading() {
    StreamedBlocks loading = streamed;
    streamed = null;
    if (loading != null) {
      loading.stop();
      loading.join();
    }
  }

  /** Draws the rows of batches out of blocks. */
  private record Drawing(BatchPlan plan, RowBlocks blocks, BlockSource source)
      implements BatchFeed.Filler<RowBatch> {
    @Override
    public void fill(long number, RowBatch batch) {
      long from = plan.position(number);
      long to = from + plan.count(number);
      // Every block of the whole batch is visited, also where this replica's share has no row.
      long end = Math.min(plan.positions(), (number + 1) * plan.batchSize());
      int block = blocks.at(number * plan.batchSize());
      int at = 0;
      for (; block < blocks.count() && blocks.start(block) < end; block++) {
        RowBlock rows = source.acquire(block);
        try {
          long low = Math.max(from, blocks.start(block));
          int count = (int) (Math.min(to, blocks.end(block)) - low);
          if (count > 0) {
            draw(rows, block, low - blocks.start(block), count, batch, at);
            at += count;
          }
        } finally {
          source.release(block);
        }
      }
      batch.size(at);
    }

    private void draw(RowBlock rows, int block, long from, int count, RowBatch batch, int at) {
      long[] places = batch.places();
      blocks.order(block).copyTo(from, count, places, batch.workspace());
      for (int i = 0; i < count; i++) {
        rows.copy((int) places[i], batch, at + i);
      }
    }

    @Override
    public void stop() {
      source.stop();
    }
  }

  /** Whether the pass has another batch. */
  public boolean hasNext() {
    return ring.hasNext();
  }

  /** Number of the batch of the pass that comes next, or one past the last. */
  public long position() {
    return ring.position();
  }

  /**
   * The next batch of the pass, waited for if it is not filled yet.
   *
   * @throws java.util.NoSuchElementException if there is none
   * @throws IllegalStateException if as many leases are open as the ring has batches
   * @throws io.hdl.core.error.HdlException with {@code CANCELLED} if the work was cancelled; what
   *     reading the table threw comes out as it is
   */
  public Lease<RowBatch> next() {
    return ring.next();
  }

  /** How long the consumer has waited for batches since the feed was opened, in nanoseconds. */
  public long waitedNanos() {
    return ring.waitedNanos();
  }

  /** Ends the feed's threads and waits for them. Idempotent. */
  @Override
  public void close() {
    ring.close();
    endLoading();
  }
}
