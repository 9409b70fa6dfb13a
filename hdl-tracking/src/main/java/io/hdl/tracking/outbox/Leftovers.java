package io.hdl.tracking.outbox;

import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what was not delivered. */
public final class Leftovers {
  /** {@code <home>/<job>/<run>/outbox/acks} and the like. */
  private static final int DEPTH = 5;

  /**
   * A log with items that were not delivered.
   *
   * @param folder where it lies; {@link Outbox#open} takes it
   * @param main the run that contains the others, if its beginning can be read
   * @param items how many items are not delivered
   */
  public record Leftover(Path folder, Optional<RunStart> main, long items) {}

  private Leftovers() {}

  /**
   * The logs below a folder that hold items that were not delivered, and that no process has open.
   * Reads each of these logs once.
   *
   * @param home hdl's home directory, or any folder below it
   * @throws io.hdl.core.error.HdlException if a folder cannot be read
   */
  public static List<Leftover> below(Path home) {
    if (!Files.isDirectory(home)) {
      return List.of();
    }
    List<Leftover> leftovers = new ArrayList<>();
    try {
      List<Path> folders;
      try (Stream<Path> walk = Files.walk(home, DEPTH)) {
        folders = walk.filter(path -> path.getFileName() != null && isLog(path)).sorted().toList();
      }
      for (Path folder : folders) {
        of(folder).ifPresent(leftovers::add);
      }
      return leftovers;
    } catch (IOException e) {
      throw FileFailure.of("look for tracking logs in", home, e);
    } catch (UncheckedIOException e) {
      throw FileFailure.of("look for tracking logs in", home, new IOException(e));
    }
  }

  private static boolean isLog(Path folder) {
    try {
      return Files.isDirectory(folder) && !Segment.in(folder).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Leftover> of(Path folder) throws IOException {
    Optional<FolderLock> free = FolderLock.tryAcquire(folder);
    if (free.isEmpty()) {
      return Optional.empty();
    }
    try (FolderLock held = free.get()) {
      LogScan scan = LogScan.of(folder, Acks.open(folder.resolve(OpenLog.ACKS)));
      Runs runs = new Runs();
      runs.addAll(scan.content());
      return scan.items() == 0
          ? Optional.empty()
          : Optional.of(new Leftover(folder, runs.main(), scan.items()));
    }
  }
}
