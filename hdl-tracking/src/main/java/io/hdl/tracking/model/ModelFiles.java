package io.hdl.tracking.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Copies what a model directory holds. */
final class ModelFiles {
  private static final String BYTECODE = "__pycache__";

  private ModelFiles() {}

  /** Copies a folder with all that is in it, but for what Python left there. */
  static void copy(Path from, Path to) throws IOException {
    for (Path entry : entries(from)) {
      Path target = to.resolve(from.relativize(entry).toString());
      if (Files.isDirectory(entry)) {
        Files.createDirectories(target);
      } else {
        Files.copy(entry, target);
      }
    }
  }

  /** Bytes of all files in a folder. */
  static long bytes(Path folder) throws IOException {
    long bytes = 0;
    for (Path entry : entries(folder)) {
      bytes += Files.isDirectory(entry) ? 0 : Files.size(entry);
    }
    return bytes;
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(entry -> !folder.relativize(entry).toString().contains(BYTECODE)).toList();
    }
  }
}
