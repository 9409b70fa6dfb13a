/**
 * The way of a run's items from the training thread to where they are kept. Entry: {@link
 * io.hdl.tracking.outbox.Outbox}.
 *
 * <p>Any thread puts {@link io.hdl.tracking.outbox.Item}s into an {@link
 * io.hdl.tracking.outbox.ItemQueue}, which costs a short lock and no I/O. One thread, {@code
 * hdl-tracking-sender}, takes them out and hands them to {@link
 * io.hdl.tracking.outbox.Destination}s: first to the copy on this machine, then, if there is one,
 * to the server. Destinations are called by that thread alone.
 */
@NullMarked
package io.hdl.tracking.outbox;

import org.jspecify.annotations.NullMarked;
