package io.hdl.data.cache;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The files of a tier that one cache of one process holds: hard links in a folder of its own. A
 * file that is linked is not removed to make room, and where its name is removed all the same its
 * bytes stay. The folder of a process that died is removed by others, who know it by its lock, or,
 * if it is on another machine, by its age. Thread-safe.
 */
final class Holder implements AutoCloseable {
  /**
   * A holder on another machine, or on this one before it was started anew, that showed no sign of
   * life for so long is dead.
   */
  static final Duration SILENCE = Duration.ofHours(2);

  private final Path folder;
  private final Optional<LockFile.Held> alive;
  private final AtomicLong next = new AtomicLong();

  private Holder(Path folder, Optional<LockFile.Held> alive) {
    this.folder = folder;
    this.alive = alive;
  }

  /** A new holder below a folder that is there. */
  static Holder in(Path holders, LockFile locks) throws IOException {
    String name =
        Machine.ID + "-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID().toString();
    Optional<LockFile.Held> alive;
    try {
      alive = locks.tryLock(CacheKey.lock(name));
    } catch (IOException e) {
      alive = Optional.empty();
    }
    return new Holder(Files.createDirectory(holders.resolve(name)), alive);
  }

  Path folder() {
    return folder;
  }

  /** Holds a file. */
  Path hold(Path file, String name) throws IOException {
    Path link = folder.resolve(next.incrementAndGet() + "-" + name);
    Files.createLink(link, file);
    return link;
  }

  /** An empty folder of its own, on the same file system. */
  Path folderFor(String purpose) throws IOException {
    return Files.createDirectory(folder.resolve(purpose + next.incrementAndGet()));
  }

  boolean isThere() {
    return Files.isDirectory(folder);
  }

  /** Shows other machines that it lives. */
  void beat(Clock clock) throws IOException {
    Files.setLastModifiedTime(folder, FileTime.from(clock.instant()));
  }

  /** Removes the folders of holders that died. */
  static void bury(Path holders, LockFile locks, Clock clock) throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> found = Files.list(holders)) {
      found.forEach(all::add);
    }
    for (Path one : all) {
      String name = String.valueOf(one.getFileName());
      if (isDead(one, name, locks, clock)) {
        try {
          delete(one);
        } catch (IOException e) {
          // Another process does the same at this moment; what is left goes the next time.
        }
      }
    }
  }

  private static boolean isDead(Path folder, String name, LockFile locks, Clock clock)
      throws IOException {
    boolean here = name.startsWith(Machine.ID + "-");
    if (here) {
      try (LockFile.Held held = locks.tryLock(CacheKey.lock(name)).orElse(null)) {
        return held != null;
      } catch (IOException e) {
        // No locks here: its age has to tell.
      }
    }
    try {
      long silent = clock.millis() - Files.getLastModifiedTime(folder).toMillis();
      return silent > SILENCE.toMillis();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  static void delete(Path folder) throws IOException {
    try {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    } catch (NoSuchFileException e) {
      // Somebody else removed it.
    }
  }

  /** Gives up all that is held. */
  @Override
  public void close() throws IOException {
    try {
      delete(folder);
    } finally {
      alive.ifPresent(LockFile.Held::close);
    }
  }
}
