package io.hdl.core.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** Words what goes wrong with local files: what failed, why, and what to do. */
public final class FileFailure {
  private FileFailure() {}

  /**
   * The exception that tells people about a failed file operation.
   *
   * @param action what was tried, as in {@code write}; the message begins {@code Cannot write
   *     <path>}
   * @param path the file or folder that it was tried on
   * @param e what the operating system said
   * @return with {@link ErrorCode#NO_SPACE} if the disk or quota is full, {@link
   *     ErrorCode#NOT_FOUND} if there is no such file, else {@link ErrorCode#IO_FAILURE}
   */
  public static HdlException of(String action, Path path, IOException e) {
    String said = said(e);
    String lower = said.toLowerCase(Locale.ROOT);
    if (lower.contains("no space left") || lower.contains("not enough space")) {
      return failure(
          ErrorCode.NO_SPACE,
          action,
          path,
          "the disk is full" + free(path) + ". Free space or choose a folder on another disk.",
          e);
    }
    if (lower.contains("quota exceeded")) {
      return failure(
          ErrorCode.NO_SPACE,
          action,
          path,
          "the disk quota of this user is used up. Free space or have the quota raised.",
          e);
    }
    if (lower.contains("read-only file system")) {
      return failure(
          ErrorCode.IO_FAILURE,
          action,
          path,
          "the file system is read-only. Mount it writable or choose another folder.",
          e);
    }
    if (lower.contains("too many open files")) {
      return failure(
          ErrorCode.IO_FAILURE,
          action,
          path,
          "this process has too many files open. Raise its limit (ulimit -n).",
          e);
    }
    if (e instanceof AccessDeniedException || lower.contains("permission denied")) {
      return failure(
          ErrorCode.IO_FAILURE,
          action,
          path,
          "the user "
              + System.getProperty("user.name")
              + " lacks permission on "
              + subject(path, e)
              + ". Change its owner or mode, or choose another folder.",
          e);
    }
    if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
      return failure(
          ErrorCode.NOT_FOUND,
          action,
          path,
          subject(path, e) + " does not exist. Check the path.",
          e);
    }
    if (e instanceof NotDirectoryException
        || e instanceof FileAlreadyExistsException
        || lower.contains("not a directory")) {
      return failure(
          ErrorCode.IO_FAILURE,
          action,
          path,
          subject(path, e)
              + " is in the way: a file where a folder is needed, or the reverse."
              + " Remove it or choose another path.",
          e);
    }
    if (e instanceof DirectoryNotEmptyException) {
      return failure(
          ErrorCode.IO_FAILURE,
          action,
          path,
          subject(path, e) + " is a folder that is not empty. Empty it or choose another path.",
          e);
    }
    return failure(ErrorCode.IO_FAILURE, action, path, said + ". Check the disk that holds it.", e);
  }

  private static HdlException failure(
      ErrorCode code, String action, Path path, String why, IOException e) {
    return new HdlException(code, "Cannot " + action + " " + path + ": " + why, e);
  }

  private static String said(IOException e) {
    if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
  }

  /** The path that the operating system complained about, if it is another one. */
  private static String subject(Path path, IOException e) {
    if (e instanceof FileSystemException file
        && file.getFile() != null
        && !file.getFile().equals(path.toString())) {
      return file.getFile();
    }
    return "it";
  }

  private static String free(Path path) {
    Path existing = path.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null) {
      return "";
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      return String.format(Locale.ROOT, " (%,d MiB free)", free >> 20);
    } catch (IOException unknown) {
      return "";
    }
  }
}
