package io.hdl.tracking.outbox;

import io.hdl.core.storage.AtomicPublish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Removes delivered files of a log to make room, and keeps a summary of them: how their runs begin
 * and which steps they have. Belongs to the writer's thread.
 */
final class DroppedSegments {
  private static final String NAME = "dropped";

  private final Path folder;
  private final Consumer<String> warning;
  private boolean told;

  DroppedSegments(Path folder, Consumer<String> warning) {
    this.folder = folder;
    this.warning = warning;
    this.told = any(folder);
  }

  /** Whether files of a log were removed. */
  static boolean any(Path folder) {
    return Files.exists(folder.resolve(NAME));
  }

  /** Removes the summary. */
  static void remove(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve(NAME));
  }

  /** Adds what is known of removed files. */
  static void addTo(LogContent content, Path folder) throws IOException {
    content.addFile(folder.resolve(NAME));
  }

  /** Removes the oldest file of the log. */
  void drop(Segment segment) throws IOException {
    LogContent content = new LogContent();
    addTo(content, folder);
    long end = segment.base() + Files.size(segment.file());
    try (LogReader reader =
        new LogReader(folder, segment.base(), () -> end, (of, from, bytes, atEnd) -> {})) {
      while (reader.next()) {
        int run = reader.run();
        reader.entry().ifPresent(entry -> content.add(run, entry));
      }
    }
    AtomicPublish.bytes(folder.resolve(NAME), content.toBytes());
    Files.delete(segment.file());
    if (!told) {
      told = true;
      warning.accept(
          "The tracking log in %s is full: the oldest parts that the server has were removed. If the server forgets the run, these cannot be sent again."
              .formatted(folder));
    }
  }
}
