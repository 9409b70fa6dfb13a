package io.hdl.data.cache;

import java.time.Duration;

/**
 * What a tier has done since the cache was opened, in this process.
 *
 * @param hits files that were found in it; of the lake: fetched
 * @param misses files that were looked for and not found; of the lake: that could not be fetched
 * @param bytesRead bytes of the files that were found; of the lake: that came over the link
 * @param bytesWritten bytes of the files that were put into it
 * @param waited time that whoever asked for a file waited for this tier; of several threads, all
 *     together
 * @param evictions files that were removed to make room
 * @param corrupt files that were found damaged and removed
 * @param failures operations that failed, and for which the tier was passed over
 */
public record TierStatistics(
    long hits,
    long misses,
    long bytesRead,
    long bytesWritten,
    Duration waited,
    long evictions,
    long corrupt,
    long failures) {}
