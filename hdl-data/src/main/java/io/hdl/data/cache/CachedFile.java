package io.hdl.data.cache;

import io.hdl.data.transfer.RemoteFile;
import java.time.Instant;

/**
 * A file that a tier has.
 *
 * @param file which one it is, with the ETag that was recorded
 * @param modified when it was last modified in the lake, if that was told when it was put there;
 *     else when that was
 * @param tier where it is
 */
public record CachedFile(RemoteFile file, Instant modified, Tier tier) {}
