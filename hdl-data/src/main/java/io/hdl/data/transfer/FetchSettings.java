package io.hdl.data.transfer;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryPolicy;
import java.time.Duration;
import java.util.Optional;

/**
 * How files are fetched. Immutable; each method gives changed settings.
 *
 * <p>The retry policy bounds a range without progress: a try that brought 64 KiB or more before it
 * broke is followed by one with all its time and tries again. The deadline bounds the file as a
 * whole.
 *
 * @param rangeBytes bytes that one request asks for; default 8 MiB
 * @param parallelRanges most requests under way for one file; default 4
 * @param retry tries and waits of a range without progress
 * @param deadline time after which a fetch is given up, whatever its progress; default 1 hour
 * @param restarts how often a file that changes while it is fetched is begun anew; default 2
 * @param bandwidth the share of the link to keep to, if any
 */
public record FetchSettings(
    int rangeBytes,
    int parallelRanges,
    RetryPolicy retry,
    Duration deadline,
    int restarts,
    Optional<BandwidthLimit> bandwidth) {
  /** Checks each value. */
  public FetchSettings {
    require(rangeBytes >= 1, "rangeBytes", rangeBytes, ">= 1");
    require(
        parallelRanges >= 1 && parallelRanges <= 64, "parallelRanges", parallelRanges, "1 to 64");
    require(!deadline.isNegative() && !deadline.isZero(), "deadline", deadline, "> 0");
    require(restarts >= 0, "restarts", restarts, ">= 0");
  }

  /** Four ranges of 8 MiB at a time, {@link RetryPolicy#defaults()}, no limit of bandwidth. */
  public static FetchSettings defaults() {
    return new FetchSettings(
        8 << 20, 4, RetryPolicy.defaults(), Duration.ofHours(1), 2, Optional.empty());
  }

  /** So many requests of such a length at a time. */
  public FetchSettings ranges(int bytes, int atATime) {
    return new FetchSettings(bytes, atATime, retry, deadline, restarts, bandwidth);
  }

  /** Another retry policy. */
  public FetchSettings retry(RetryPolicy policy) {
    return new FetchSettings(rangeBytes, parallelRanges, policy, deadline, restarts, bandwidth);
  }

  /** Another deadline of a whole file. */
  public FetchSettings deadline(Duration value) {
    return new FetchSettings(rangeBytes, parallelRanges, retry, value, restarts, bandwidth);
  }

  /** Another number of times that a changing file is begun anew. */
  public FetchSettings restarts(int value) {
    return new FetchSettings(rangeBytes, parallelRanges, retry, deadline, value, bandwidth);
  }

  /** A share of the link to keep to. */
  public FetchSettings bandwidth(BandwidthLimit limit) {
    return new FetchSettings(
        rangeBytes, parallelRanges, retry, deadline, restarts, Optional.of(limit));
  }

  private static void require(boolean condition, String name, Object value, String expected) {
    if (!condition) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT, name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
