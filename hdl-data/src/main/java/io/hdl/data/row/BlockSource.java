package io.hdl.data.row;

/** Has the blocks of a pass in memory while they are needed. Thread-safe. */
interface BlockSource {
  /** A block, waited for; it stays as it is until each batch of the pass has released it. */
  RowBlock acquire(int block);

  /** Says that one batch has taken what it needs of a block. */
  void release(int block);

  /** Makes whoever waits throw, ends what loads, and waits for it. */
  void stop();
}
