/**
 * The way of runs' items from training threads to where they are kept. Entry: {@link
 * io.hdl.tracking.outbox.Outbox}.
 *
 * <p>Any thread puts {@link io.hdl.tracking.outbox.Item}s into a bounded queue, which costs a short
 * lock and no I/O. The thread {@code hdl-tracking-writer} appends them to a write-ahead log: files
 * of checksummed records in one folder, forced to the disk about once a second by {@code
 * hdl-tracking-fsync}. The thread {@code hdl-tracking-sender} reads the log and hands its items in
 * order to a {@link io.hdl.tracking.outbox.Destination}, and notes durably what it has taken over.
 * After the death of the process another one opens the folder and goes on. Destinations are called
 * by one thread alone. Nothing here knows a server.
 */
@NullMarked
package io.hdl.tracking.outbox;

import org.jspecify.annotations.NullMarked;
