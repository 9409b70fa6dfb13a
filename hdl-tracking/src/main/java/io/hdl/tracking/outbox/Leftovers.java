package io.hdl.tracking.outbox;

import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

  /**
   * A log that a job has open at the moment; the job delivers it itself.
   *
   * @param folder where it lies
   * @param holder who has it open: {@code process 4711}, {@code another job of this process}
   * @param items how many items were not delivered when it was looked at
   */
  public record InUse(Path folder, String holder, long items) {}

  private Leftovers() {}

  /**
   * The logs below a folder that hold items that were not delivered, and that no process has open.
   * Reads each of these logs once.
   *
   * @param home hdl's home directory, or any folder below it
   * @throws io.hdl.core.error.HdlException if a folder cannot be read
   */
  public static List<Leftover> below(Path home) {
    return of(home, Leftovers::of);
  }

  /**
   * The logs below a folder that {@link #below} passes over, because a process has them open.
   *
   * @param home hdl's home directory, or any folder below it
   * @throws io.hdl.core.error.HdlException if a folder cannot be read
   */
  public static List<InUse> inUseBelow(Path home) {
    return of(home, Leftovers::inUse);
  }

  private interface Look<T> {
    Optional<T> at(Path folder) throws IOException;
  }

  private static <T> List<T> of(Path home, Look<T> look) {
    if (!Files.isDirectory(home)) {
      return List.of();
    }
    List<T> found = new ArrayList<>();
    try {
      List<Path> folders;
      try (Stream<Path> walk = Files.walk(home, DEPTH)) {
        folders = walk.filter(path -> path.getFileName() != null && isLog(path)).sorted().toList();
      }
      for (Path folder : folders) {
        look.at(folder).ifPresent(found::add);
      }
      return found;
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

  private static Optional<InUse> inUse(Path folder) throws IOException {
    Optional<FolderLock> free = FolderLock.tryAcquire(folder);
    if (free.isPresent()) {
      free.get().close();
      return Optional.empty();
    }
    String holder = FolderLock.holder(folder);
    long items;
    try {
      items = LogScan.of(folder, Acks.open(folder.resolve(OpenLog.ACKS))).items();
    } catch (NoSuchFileException delivered) {
      items = 0;
    }
    return Optional.of(new InUse(folder, holder, items));
  }
}
