package io.hdl.core.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Folders that are filled once per machine and user: below {@code ~/.cache/hdl}, or below the
 * folder that {@code HDL_TEST_CACHE} names. Programs that run at the same time fill one once: a
 * file lock is held meanwhile, and a marker file is written last.
 */
final class InstallOnce {
  /** Fills a folder. */
  @FunctionalInterface
  interface Installation {
    /** Installs into the folder, which may hold an unfinished attempt, and gives the release. */
    String into(Path folder) throws IOException;
  }

  private InstallOnce() {}

  /** The folder of that name, whether it is filled or not. */
  static Path folder(String name) {
    String named = System.getenv("HDL_TEST_CACHE");
    Path cache =
        named == null || named.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache", "hdl")
            : Path.of(named);
    return cache.resolve(name);
  }

  /** Fills the folder of that name if it is not yet filled, and gives the release that is in it. */
  static String fill(String name, Installation installation) {
    Path folder = folder(name);
    Path marker = folder.resolve("hdl-installed");
    try {
      Files.createDirectories(folder.resolveSibling("."));
      // Threads of one JVM cannot wait for each other's file lock.
      synchronized (InstallOnce.class) {
        try (FileChannel channel =
                FileChannel.open(
                    folder.resolveSibling(name + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock held = channel.lock()) {
          if (!held.isValid() || !Files.exists(marker)) {
            String release = installation.into(folder);
            Files.writeString(marker, release);
          }
          return Files.readString(marker).strip();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot install " + name + " into " + folder, e);
    }
  }
}
