package io.hdl.tracking.outbox;

import java.util.Optional;

/**
 * What a file was like at one moment.
 *
 * @param bytes its length
 * @param modified when it was written last, milliseconds since 1970
 * @param sha256 its SHA-256 in lower-case hexadecimal digits; empty if it was not taken yet
 */
public record FilePrint(long bytes, long modified, Optional<String> sha256) {}
