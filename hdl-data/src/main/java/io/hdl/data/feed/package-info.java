/**
 * What brings batches to a consumer ahead of time: a ring of batches that named threads fill
 * ({@link io.hdl.data.feed.BatchFeed}), the plan that cuts an order into batches ({@link
 * io.hdl.data.feed.BatchPlan}) and the seeded order itself ({@link io.hdl.data.feed.Permutation}).
 * {@link io.hdl.data.feed.Chunks} shares other numbered work out among threads. Users meet it
 * through {@link io.hdl.data.feed.Lease} and {@link io.hdl.data.feed.FeedSettings}; the feeds of
 * windows and rows are built on it.
 *
 * <p>Values here are immutable and thread-safe. A feed owns its threads, {@code hdl-feed-…}, and is
 * read by one thread.
 */
@NullMarked
package io.hdl.data.feed;

import org.jspecify.annotations.NullMarked;
