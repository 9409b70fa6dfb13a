package io.hdl.data.delta;

import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds out which versions of a local table still have all their files. Plays the log forward once,
 * from its oldest version on, and looks for each file once: the cost is that of reading all
 * commits, whatever was removed, and the answer is exact. For messages; belongs to one thread.
 */
final class ReadableVersions {
  private final LogFolder log;
  private final TableFiles table;
  private final Map<String, Boolean> there = new HashMap<>();

  // Of the version that is being looked at: the files that are gone, by their key in the log.
  private final Set<String> missing = new HashSet<>();

  private ReadableVersions(LogFolder log) {
    this.log = log;
    this.table = log.table();
  }

  /**
   * The oldest version that has all its files.
   *
   * @param oldest the files of the oldest version of the log
   * @return empty if there is none, or if the log cannot be played
   */
  static Optional<Long> oldest(LogFolder log, List<DataFile> oldest) {
    return new ReadableVersions(log).search(oldest);
  }

  private Optional<Long> search(List<DataFile> oldest) {
    for (DataFile file : oldest) {
      Optional<String> vector = file.deletionVector().flatMap(DeletionVector::file);
      if (gone(file.address()) || (vector.isPresent() && gone(vector.get()))) {
        missing.add(
            key(file.address(), file.deletionVector().map(DeletionVector::toString).orElse("")));
      }
    }
    if (missing.isEmpty()) {
      return Optional.of(log.earliest());
    }
    for (long version = log.earliest() + 1; version <= log.latest(); version++) {
      try {
        play(log.commit(version));
      } catch (IOException | RuntimeException e) {
        return Optional.empty();
      }
      if (missing.isEmpty()) {
        return Optional.of(version);
      }
    }
    return Optional.empty();
  }

  private void play(Path commit) throws IOException {
    // Within a commit the order means nothing: what is removed goes first.
    Map<String, Boolean> added = new TreeMap<>();
    try (BufferedReader lines = Files.newBufferedReader(commit)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        boolean adds = line.startsWith("{\"add\"");
        if (!adds && !line.startsWith("{\"remove\"")) {
          continue;
        }
        Object action = Json.readObject(line, commit.toString()).get(adds ? "add" : "remove");
        if (!(action instanceof Map<?, ?> file) || !(file.get("path") instanceof String name)) {
          throw new HdlException(ErrorCode.CORRUPT_DATA, commit + " has a file without a path");
        }
        String path = table.resolve(name);
        Optional<DeletionVector> vector = vector(file);
        String key = key(path, vector.map(DeletionVector::toString).orElse(""));
        if (adds) {
          Optional<String> stored = vector.flatMap(DeletionVector::file);
          added.put(key, gone(path) || (stored.isPresent() && gone(stored.get())));
        } else {
          missing.remove(key);
        }
      }
    }
    added.forEach(
        (key, gone) -> {
          if (gone) {
            missing.add(key);
          }
        });
  }

  private Optional<DeletionVector> vector(Map<?, ?> file) {
    if (!(file.get("deletionVector") instanceof Map<?, ?> vector)) {
      return Optional.empty();
    }
    return Optional.of(
        new DeletionVector(
            table,
            new DeletionVectorDescriptor(
                String.valueOf(vector.get("storageType")),
                String.valueOf(vector.get("pathOrInlineDv")),
                vector.get("offset") instanceof Integer offset
                    ? Optional.of(offset)
                    : Optional.empty(),
                vector.get("sizeInBytes") instanceof Number size ? size.intValue() : 0,
                vector.get("cardinality") instanceof Number rows ? rows.longValue() : 0)));
  }

  private static String key(String path, String vector) {
    return path + "\n" + vector;
  }

  private boolean gone(String path) {
    return !there.computeIfAbsent(path, file -> Files.exists(Path.of(file)));
  }
}
