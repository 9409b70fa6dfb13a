package io.hdl.tracking.filestore;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/** Writes and copies so that a reader never sees half a file. */
final class FileWriting {
  private FileWriting() {}

  /**
   * Replaces a file's text at once.
   *
   * @param scratch folder of the same file system in which no reader looks for files
   */
  static void replace(Path file, String text, Path scratch) throws IOException {
    Path temporary = Files.createTempFile(scratch, ".hdl-", ".tmp");
    try {
      Files.writeString(temporary, text);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Copies a file, or a folder with all that is in it; replaces files of the same name, each at
   * once.
   *
   * @param scratch as for {@link #replace}
   */
  static void copy(Path from, Path to, Path scratch) throws IOException {
    if (!Files.isDirectory(from)) {
      copyFile(from, to, scratch);
      return;
    }
    Files.createDirectories(to);
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            copyFile(file, to.resolve(from.relativize(file).toString()), scratch);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void copyFile(Path from, Path to, Path scratch) throws IOException {
    Path parent = to.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path temporary = Files.createTempFile(scratch, ".hdl-", ".tmp");
    try {
      Files.copy(from, temporary, StandardCopyOption.REPLACE_EXISTING);
      Files.move(
          temporary, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Removes a folder with all that is in it; links are removed, not followed. */
  static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
  }
}
