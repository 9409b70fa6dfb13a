package io.hdl.data.delta;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the names of a log's files tell: whether there is a table, and which versions it has. */
final class LogFolder {
  private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");
  // Classic in one file, or version 2 with a UUID.
  private static final Pattern CHECKPOINT =
      Pattern.compile("(\\d{20})\\.checkpoint(?:\\.parquet|\\.[^.]+\\.(?:json|parquet))");
  private static final Pattern PART =
      Pattern.compile("(\\d{20})\\.checkpoint\\.(\\d{10})\\.(\\d{10})\\.parquet");

  private final Path table;
  private final TreeSet<Long> commits = new TreeSet<>();
  private final TreeSet<Long> checkpoints = new TreeSet<>();
  private final Map<List<String>, Set<String>> parts = new HashMap<>();

  private LogFolder(Path table) {
    this.table = table;
  }

  /**
   * Lists a table's log.
   *
   * @throws HdlException if there is nothing, or no table
   */
  static LogFolder list(Path table) {
    if (!Files.exists(table)) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "Cannot open the table "
              + table
              + ": there is no such folder. Check the path"
              + (table.isAbsolute()
                  ? "."
                  : "; it is taken from " + Path.of("").toAbsolutePath() + "."));
    }
    LogFolder folder = new LogFolder(table);
    Path log = table.resolve("_delta_log");
    if (Files.isDirectory(log)) {
      try (Stream<Path> files = Files.list(log)) {
        files.forEach(file -> folder.add(String.valueOf(file.getFileName())));
      } catch (IOException e) {
        throw new HdlException(
            ErrorCode.IO_FAILURE, "Cannot list " + log + ": " + e.getMessage(), e);
      }
    }
    if (folder.commits.isEmpty() && folder.checkpoints.isEmpty()) {
      throw new HdlException(
          ErrorCode.NOT_A_DELTA_TABLE,
          "Cannot open the table "
              + table
              + ": it is not a Delta table ("
              + folder.whyNot(log)
              + "). Give the folder that holds _delta_log, or convert the data to Delta first.");
    }
    return folder;
  }

  private String whyNot(Path log) {
    if (!Files.isDirectory(table)) {
      return "it is a file";
    }
    return Files.isDirectory(log) ? "its _delta_log is empty" : "it has no folder _delta_log";
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

  /** The table's folder. */
  Path table() {
    return table;
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
              + table
              + ": its commit is missing from the log, which has later ones. Repair the table where"
              + " it is written, or choose another version.");
    }
    throw new HdlException(
        ErrorCode.VERSION_NOT_FOUND,
        "Cannot open version "
            + version
            + " of the table "
            + table
            + ": "
            + (version > latest() ? "there is no such version yet" : "its log has been cleaned up")
            + " (versions "
            + earliest()
            + " to "
            + latest()
            + " exist). Choose one of them.");
  }

  /** Versions whose commits are there, ascending. */
  List<Long> commits() {
    return List.copyOf(commits);
  }

  /** The file of a commit. */
  Path commit(long version) {
    return table.resolve(String.format("_delta_log/%020d.json", version));
  }
}
