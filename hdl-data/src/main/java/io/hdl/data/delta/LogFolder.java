package io.hdl.data.delta;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.delta.TableFiles.LogFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the names of a log's files tell: whether there is a table, and which versions it has. */
final class LogFolder {
  private static final Pattern NUMBER = Pattern.compile("(\\d{20})\\.");
  private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");
  // Classic in one file, or version 2 with a UUID.
  private static final Pattern CHECKPOINT =
      Pattern.compile("(\\d{20})\\.checkpoint(?:\\.parquet|\\.[^.]+\\.(?:json|parquet))");
  private static final Pattern PART =
      Pattern.compile("(\\d{20})\\.checkpoint\\.(\\d{10})\\.(\\d{10})\\.parquet");

  private final TableFiles table;
  private final Map<String, LogFile> files = new HashMap<>();
  private final TreeSet<Long> commits = new TreeSet<>();
  private final TreeSet<Long> checkpoints = new TreeSet<>();
  private final Map<List<String>, Set<String>> parts = new HashMap<>();

  private LogFolder(TableFiles table) {
    this.table = table;
  }

  /**
   * Lists a table's log, as far as it matters for a version.
   *
   * @throws HdlException if there is nothing, or no table
   */
  static LogFolder list(TableFiles table, TableVersion wanted) {
    LogFolder folder = new LogFolder(table);
    for (LogFile file : table.log(wanted)) {
      folder.files.put(file.name(), file);
      folder.add(file.name());
    }
    if (folder.commits.isEmpty() && folder.checkpoints.isEmpty()) {
      throw new HdlException(
          ErrorCode.NOT_A_DELTA_TABLE,
          "Cannot open the table "
              + table.address()
              + ": it is not a Delta table ("
              + table.whyNoLog()
              + "). Give the folder that holds _delta_log, or convert the data to Delta first.");
    }
    return folder;
  }

  private void add(String name) {
    Matcher commit = COMMIT.matcher(name);
    if (commit.matches()) {
      commits.add(Long.valueOf(commit.group(1)));
    }
    Matcher checkpoint = CHECKPOINT.matcher(name);
    if (checkpoint.matches()) {
      checkpoints.add(Long.valueOf(checkpoint.group(1)));
    }
    Matcher part = PART.matcher(name);
    if (part.matches()) {
      // A checkpoint in parts counts once it has all of them.
      Set<String> found =
          parts.computeIfAbsent(List.of(part.group(1), part.group(3)), key -> new HashSet<>());
      found.add(part.group(2));
      if (found.size() == Long.parseLong(part.group(3))) {
        checkpoints.add(Long.valueOf(part.group(1)));
      }
    }
  }

  /** The table that it is the log of. */
  TableFiles table() {
    return table;
  }

  /** The files of the log as they were listed, sorted by name, without those not to be seen. */
  List<LogFile> visible() {
    return LogNames.visible(List.copyOf(files.keySet()))
        .sorted()
        .map(name -> Objects.requireNonNull(files.get(name)))
        .toList();
  }

  /** A file of the log, if it was listed. */
  Optional<LogFile> find(String name) {
    return Optional.ofNullable(files.get(name));
  }

  /** The newest version. */
  long latest() {
    long newest = commits.isEmpty() ? -1 : commits.last();
    return checkpoints.isEmpty() ? newest : Math.max(newest, checkpoints.last());
  }

  /** The oldest version that the log can still tell of. */
  long earliest() {
    if (!commits.isEmpty() && commits.first() == 0) {
      return 0;
    }
    return checkpoints.isEmpty() ? commits.first() : checkpoints.first();
  }

  /** Throws unless the log can tell of a version. */
  void require(long version) {
    if (version >= earliest() && version <= latest()) {
      if (commits.contains(version) || checkpoints.contains(version)) {
        return;
      }
      throw new HdlException(
          ErrorCode.CORRUPT_DATA,
          "Cannot open version "
              + version
              + " of the table "
              + table.address()
              + ": its commit is missing from the log, which has later ones. Repair the table where"
              + " it is written, or choose another version.");
    }
    throw new HdlException(
        ErrorCode.VERSION_NOT_FOUND,
        "Cannot open version "
            + version
            + " of the table "
            + table.address()
            + ": "
            + (version > latest() ? "there is no such version yet" : "its log has been cleaned up")
            + " (versions "
            + earliest()
            + " to "
            + latest()
            + " exist). Choose one of them.");
  }

  /** The log as it was when a version was the newest one. */
  LogFolder upTo(long version) {
    LogFolder before = new LogFolder(table);
    files.forEach(
        (name, file) -> {
          Matcher number = NUMBER.matcher(name);
          if (!number.lookingAt() || Long.parseLong(number.group(1)) <= version) {
            before.files.put(name, file);
            before.add(name);
          }
        });
    return before;
  }

  /** Versions whose commits are there, ascending. */
  List<Long> commits() {
    return List.copyOf(commits);
  }

  /** The file of a commit, to be read here. */
  Path commit(long version) {
    return table.log(entry(version));
  }

  /** The file of a commit as it was listed. */
  LogFile entry(long version) {
    String name = String.format("%020d.json", version);
    LogFile known = files.get(name);
    return known == null ? new LogFile(name, TableFiles.UNKNOWN_SIZE, Instant.EPOCH) : known;
  }
}
