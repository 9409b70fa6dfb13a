package io.hdl.tracking.outbox;

import java.time.Instant;
import java.util.Optional;

/**
 * How an outbox stands.
 *
 * @param items items that were put in and not delivered yet
 * @param bytes what they take in the log, as far as they are written
 * @param oldest about when the oldest of them was put in
 * @param lastError why delivery failed last; empty while it goes well
 * @param thinned metric values that were dropped so far
 */
public record OutboxState(
    long items, long bytes, Optional<Instant> oldest, Optional<String> lastError, long thinned) {}
