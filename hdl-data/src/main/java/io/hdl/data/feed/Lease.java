package io.hdl.data.feed;

/**
 * The right to a batch: nobody else writes or reads its memory until the lease is closed, and
 * nobody may read it after that. A lease is closed once, by any thread; closing it again does
 * nothing.
 */
public interface Lease<B> extends AutoCloseable {
  /** Number of the batch in its pass, from 0. */
  long number();

  /**
   * The batch.
   *
   * @throws IllegalStateException if the lease is closed
   */
  B batch();

  /** Gives the batch back to be filled again. */
  @Override
  void close();
}
