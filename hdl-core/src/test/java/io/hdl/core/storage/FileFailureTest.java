package io.hdl.core.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FileFailureTest {
  private static final Path PATH = Path.of("/data/run.json");

  @Test
  void knowsAFullDiskByTheSystemsOwnWord() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "Skipped: needs the device /dev/full, which Linux has.");
    IOException real =
        catchThrowableOfType(
            IOException.class,
            () -> {
              try (OutputStream out = Files.newOutputStream(full)) {
                out.write(new byte[10]);
              }
            });
    HdlException e = FileFailure.of("write", full, real);
    assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE);
    assertThat(e).hasMessageStartingWith("Cannot write /dev/full: the disk is full").hasCause(real);
  }

  @Test
  void knowsAUsedUpQuota() {
    HdlException e = FileFailure.of("write", PATH, new IOException("Disk quota exceeded"));
    assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE);
    assertThat(e)
        .hasMessage(
            "Cannot write %s: the disk quota of this user is used up. Free space or have the quota"
                + " raised.",
            PATH);
  }

  @Test
  void knowsAReadOnlyFileSystem() {
    HdlException e =
        FileFailure.of(
            "write", PATH, new FileSystemException(PATH.toString(), null, "Read-only file system"));
    assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILURE);
    assertThat(e)
        .hasMessage(
            "Cannot write %s: the file system is read-only. Mount it writable or choose another"
                + " folder.",
            PATH);
  }

  @Test
  void namesTheUserWithoutPermissionAndThePlace() {
    HdlException e = FileFailure.of("write", PATH, new AccessDeniedException("/data"));
    assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILURE);
    assertThat(e)
        .hasMessage(
            "Cannot write %s: the user %s lacks permission on /data. Change its owner or mode, or"
                + " choose another folder.",
            PATH, System.getProperty("user.name"));
  }

  @Test
  void namesWhatDoesNotExist() {
    HdlException e = FileFailure.of("read", PATH, new NoSuchFileException(PATH.toString()));
    assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(e).hasMessage("Cannot read %s: it does not exist. Check the path.", PATH);
  }

  @Test
  void knowsTooManyOpenFiles() {
    HdlException e =
        FileFailure.of(
            "read", PATH, new FileSystemException(PATH.toString(), null, "Too many open files"));
    assertThat(e)
        .hasMessage(
            "Cannot read %s: this process has too many files open. Raise its limit (ulimit -n).",
            PATH);
  }

  @Test
  void knowsAFolderThatIsNotEmpty() {
    HdlException e =
        FileFailure.of("delete", PATH, new DirectoryNotEmptyException(PATH.toString()));
    assertThat(e)
        .hasMessage(
            "Cannot delete %s: it is a folder that is not empty. Empty it or choose another path.",
            PATH);
  }

  @Test
  void repeatsWhatItDoesNotKnow() {
    HdlException e = FileFailure.of("read", PATH, new IOException("Input/output error"));
    assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILURE);
    assertThat(e)
        .hasMessage("Cannot read %s: Input/output error. Check the disk that holds it.", PATH);
    assertThat(FileFailure.of("read", PATH, new IOException()))
        .hasMessage("Cannot read %s: IOException. Check the disk that holds it.", PATH);
  }
}
