/**
 * The way of items from an outbox to a tracking server: batches within the server's limits, refused
 * items told apart from the rest, runs that are found again instead of being made twice. Entry:
 * {@link io.hdl.tracking.delivery.ServerDestination}, which belongs to one thread at a time.
 */
@NullMarked
package io.hdl.tracking.delivery;

import org.jspecify.annotations.NullMarked;
