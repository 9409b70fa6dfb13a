package io.hdl.data.delta;

import io.hdl.data.delta.TableFiles.LogFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files of a log tell of a version: the newest complete checkpoint at or below it, in one
 * file, in parts or of version 2, and the commits from there on (Delta protocol, "Delta Log
 * Entries" and "Checkpoints"). The sidecars of a checkpoint of version 2 are named in it, not here.
 */
public final class LogSegment {
  private static final Pattern NAME =
      Pattern.compile(
          "(\\d{20})\\.(json|checkpoint\\.parquet|checkpoint\\.[^.]+\\.(?:json|parquet))");
  private static final Pattern PART =
      Pattern.compile("(\\d{20})\\.checkpoint\\.(\\d{10})\\.(\\d{10})\\.parquet");

  private final TreeMap<Long, LogFile> commits = new TreeMap<>();
  private final TreeMap<Long, List<LogFile>> checkpoints = new TreeMap<>();

  private LogSegment(Collection<LogFile> files) {
    Map<List<String>, List<LogFile>> parts = new HashMap<>();
    for (LogFile file : files) {
      Matcher part = PART.matcher(file.name());
      Matcher name = NAME.matcher(file.name());
      if (part.matches()) {
        parts
            .computeIfAbsent(List.of(part.group(1), part.group(3)), k -> new ArrayList<>())
            .add(file);
      } else if (name.matches() && name.group(2).equals("json")) {
        commits.put(Long.valueOf(name.group(1)), file);
      } else if (name.matches()) {
        checkpoints.computeIfAbsent(Long.valueOf(name.group(1)), k -> new ArrayList<>()).add(file);
      }
    }
    parts.forEach(
        (key, of) -> {
          Set<String> names = new HashSet<>();
          of.forEach(file -> names.add(file.name()));
          // A checkpoint in parts counts once it has all of them.
          if (names.size() == Long.parseLong(key.get(1))) {
            checkpoints
                .computeIfAbsent(Long.valueOf(key.get(0)), k -> new ArrayList<>())
                .addAll(of);
          }
        });
  }

  /** The newest version that a log tells of. */
  public static OptionalLong newestVersion(Collection<LogFile> log) {
    LogSegment files = new LogSegment(log);
    long newest = files.commits.isEmpty() ? -1 : files.commits.lastKey();
    if (!files.checkpoints.isEmpty()) {
      newest = Math.max(newest, files.checkpoints.lastKey());
    }
    return newest < 0 ? OptionalLong.empty() : OptionalLong.of(newest);
  }

  /** The version of the newest complete checkpoint at or below a version. */
  public static OptionalLong newestCheckpoint(Collection<LogFile> log, long atMost) {
    Long found = new LogSegment(log).checkpoints.floorKey(atMost);
    return found == null ? OptionalLong.empty() : OptionalLong.of(found);
  }

  /**
   * The files that tell of a version, its commit among them.
   *
   * @return empty if some of them are not in the list
   */
  public static Optional<List<LogFile>> of(Collection<LogFile> log, long version) {
    LogSegment files = new LogSegment(log);
    Map.Entry<Long, List<LogFile>> checkpoint = files.checkpoints.floorEntry(version);
    long first = checkpoint == null ? 0 : checkpoint.getKey() + 1;
    List<LogFile> found = new ArrayList<>();
    if (checkpoint != null) {
      found.addAll(checkpoint.getValue());
      LogFile its = files.commits.get(checkpoint.getKey());
      if (its != null) {
        found.add(its);
      } else if (checkpoint.getKey() == version) {
        return Optional.empty();
      }
    }
    for (long number = first; number <= version; number++) {
      LogFile commit = files.commits.get(number);
      if (commit == null) {
        return Optional.empty();
      }
      found.add(commit);
    }
    return Optional.of(found);
  }

  /**
   * The versions that a list of files tells of by itself, newest first.
   *
   * @param atMost how many
   */
  public static List<Long> versions(Collection<LogFile> log, int atMost) {
    LogSegment files = new LogSegment(log);
    List<Long> found = new ArrayList<>();
    for (long version : files.commits.descendingKeySet()) {
      if (found.size() < atMost && of(log, version).isPresent()) {
        found.add(version);
      }
    }
    return found;
  }
}
