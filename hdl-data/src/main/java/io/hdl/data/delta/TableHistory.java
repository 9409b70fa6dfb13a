package io.hdl.data.delta;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.job.Cancellation;
import io.hdl.core.retry.RetryTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The versions of a table, as its log tells of them now. Reads the commits' own information and
 * nothing else, so it works for tables that cannot be read as well. Immutable and thread-safe; each
 * call looks at the log anew.
 *
 * <pre>{@code
 * TableHistory history = TableHistory.open(Path.of("/data/sales"));
 * for (TableHistory.Version version : history.versions()) { ... }
 * Optional<Long> fresh =
 *     history.awaitNewerThan(41, Duration.ofSeconds(30), Duration.ofHours(2), cancellation);
 * }</pre>
 */
public final class TableHistory {
  private static final Duration LONGEST_SLEEP = Duration.ofMillis(100);

  /**
   * One version.
   *
   * @param version its number
   * @param timestamp when it was committed: as the commit says, where the table keeps that there,
   *     else when its file was last changed, and at least one millisecond after the version before
   * @param operation what was done, if the commit says so: {@code WRITE}, {@code DELETE}
   * @param operationParameters how it was done, as the commit says: {@code mode}, {@code predicate}
   * @param operationMetrics what came of it, as the commit says: {@code numOutputRows}
   */
  public record Version(
      long version,
      Instant timestamp,
      Optional<String> operation,
      Map<String, String> operationParameters,
      Map<String, String> operationMetrics) {
    /** Copies the maps and keeps their order. */
    public Version {
      operationParameters = Collections.unmodifiableMap(new LinkedHashMap<>(operationParameters));
      operationMetrics = Collections.unmodifiableMap(new LinkedHashMap<>(operationMetrics));
    }

    /** Number of rows that were written, those of rewritten files included, if it is known. */
    public OptionalLong rowsAdded() {
      return metric("numOutputRows");
    }

    /** Number of data files that were written, if it is known. */
    public OptionalLong filesAdded() {
      return metric("numFiles", "numAddedFiles", "numTargetFilesAdded");
    }

    private OptionalLong metric(String... names) {
      for (String name : names) {
        String value = operationMetrics.getOrDefault(name, "");
        if (value.matches("\\d{1,18}")) {
          return OptionalLong.of(Long.parseLong(value));
        }
      }
      return OptionalLong.empty();
    }
  }

  private final TableFiles table;
  private final RetryTime time;

  private TableHistory(TableFiles table, RetryTime time) {
    this.table = table;
    this.time = time;
  }

  /**
   * The history of the table in a folder.
   *
   * @throws HdlException with {@link ErrorCode#NOT_FOUND} or {@link ErrorCode#NOT_A_DELTA_TABLE} if
   *     there is none
   */
  public static TableHistory open(Path table) {
    return open(table, RetryTime.system());
  }

  /** As {@link #open(Path)}, waiting in a time of its own. */
  public static TableHistory open(Path table, RetryTime time) {
    return open(TableFiles.local(table), time);
  }

  /** The history of a table by its files, for as long as they are open. */
  public static TableHistory open(TableFiles table) {
    return open(table, RetryTime.system());
  }

  private static TableHistory open(TableFiles table, RetryTime time) {
    LogFolder.list(table, TableVersion.latest());
    return new TableHistory(table, time);
  }

  private LogFolder whole() {
    // Whatever the moment, the whole log tells of it.
    return LogFolder.list(table, TableVersion.asOf(Instant.EPOCH));
  }

  /**
   * All versions whose commits the log still has, newest first. The oldest of them may be too old
   * to be read: {@link #oldestVersion} tells where reading begins.
   */
  public List<Version> versions() {
    return versions(Integer.MAX_VALUE);
  }

  /** The newest versions, newest first, and no more than so many. */
  public List<Version> versions(int atMost) {
    if (atMost < 1) {
      throw new HdlException(ErrorCode.INVALID_ARGUMENT, "atMost: " + atMost + " (expected: >= 1)");
    }
    LogFolder log = whole();
    List<Long> commits = log.commits();
    List<Long> newest = commits.subList(Math.max(0, commits.size() - atMost), commits.size());
    table.logAhead(newest.stream().map(log::entry).toList());
    List<Version> versions = new ArrayList<>();
    Instant previous = Instant.MIN;
    for (long number : newest) {
      Optional<Version> version = version(number, log, previous);
      if (version.isPresent()) {
        versions.add(version.get());
        previous = version.get().timestamp();
      }
    }
    Collections.reverse(versions);
    return versions;
  }

  private Optional<Version> version(long number, LogFolder log, Instant previous) {
    try {
      Path commit = log.commit(number);
      CommitInfo info = CommitInfo.read(commit);
      Instant changed =
          table.location() == TableFiles.Location.LOCAL
              ? LocalTableFiles.modified(commit)
              : log.entry(number).modified();
      Instant timestamp = info.inCommitTimestamp().orElse(changed);
      if (!timestamp.isAfter(previous)) {
        timestamp = previous.plusMillis(1);
      }
      return Optional.of(
          new Version(number, timestamp, info.operation(), info.parameters(), info.metrics()));
    } catch (HdlException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    } catch (IOException | UncheckedIOException e) {
      if (e instanceof NoSuchFileException || e.getCause() instanceof NoSuchFileException) {
        // Cleaned up since the log was listed.
        return Optional.empty();
      }
      throw new HdlException(
          ErrorCode.IO_FAILURE,
          "Cannot read the commit "
              + number
              + " of the table "
              + table.address()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** The oldest version that the log can still tell of; its data files may be gone. */
  public long oldestVersion() {
    return whole().earliest();
  }

  /** The newest version. */
  public long newestVersion() {
    return LogFolder.list(table, TableVersion.latest()).latest();
  }

  /** The newest version, if it is newer than this one. */
  public Optional<Long> newestAfter(long version) {
    long newest = newestVersion();
    return newest > version ? Optional.of(newest) : Optional.empty();
  }

  /**
   * Waits until the table has a version newer than this one.
   *
   * @param every how long to wait between two looks at the log
   * @param atMost how long to wait in all; the log is looked at at least once
   * @param cancellation ends the wait within a tenth of a second
   * @return the newest version, or empty if the time is over
   * @throws JobCancelledException if the wait was cancelled
   * @throws HdlException with {@link ErrorCode#CANCELLED} if the thread was interrupted
   */
  public Optional<Long> awaitNewerThan(
      long version, Duration every, Duration atMost, Cancellation cancellation) {
    if (every.isNegative() || every.isZero()) {
      throw new HdlException(ErrorCode.INVALID_ARGUMENT, "every: " + every + " (expected: > 0)");
    }
    long start = time.nanoTime();
    while (true) {
      cancellation.throwIfRequested();
      Optional<Long> newer = newestAfter(version);
      Duration left = atMost.minusNanos(time.nanoTime() - start);
      if (newer.isPresent() || left.isNegative() || left.isZero()) {
        return newer;
      }
      sleep(every.compareTo(left) < 0 ? every : left, cancellation);
    }
  }

  private void sleep(Duration duration, Cancellation cancellation) {
    Duration left = duration;
    try {
      while (!left.isZero() && !left.isNegative()) {
        cancellation.throwIfRequested();
        Duration next = left.compareTo(LONGEST_SLEEP) < 0 ? left : LONGEST_SLEEP;
        time.sleep(next);
        left = left.minus(next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HdlException(
          ErrorCode.CANCELLED,
          "Waiting for a new version of the table " + table.address() + " was interrupted.",
          e);
    }
  }
}
