package io.hdl.data.transfer;

import java.util.Optional;

/**
 * What a fetch brought.
 *
 * @param bytes the file's length
 * @param etag its version mark, if the service gives one
 * @param crc32c the CRC-32C (Castagnoli) of its content, an unsigned 32-bit number
 * @param bytesOnWire bytes of bodies that were received for it by this fetch: fewer than {@code
 *     bytes} if an earlier one had begun, more if something had to be sent again
 * @param tries requests that were sent for it
 */
public record Fetched(
    long bytes, Optional<String> etag, long crc32c, long bytesOnWire, int tries) {}
