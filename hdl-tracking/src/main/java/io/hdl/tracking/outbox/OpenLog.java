package io.hdl.tracking.outbox;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The log of a folder, held by this process, with what it contained when it was opened.
 *
 * @param folder where it lies
 * @param lock keeps others away
 * @param acks what is delivered
 * @param scan what it contained
 * @param backlog what is not delivered
 * @param hashes of large files that it names
 * @param opener opens its files
 */
record OpenLog(
    Path folder,
    FolderLock lock,
    Acks acks,
    LogScan scan,
    Backlog backlog,
    FileHashes hashes,
    LogFile.Opener opener) {
  static final String ACKS = "acks";

  static OpenLog open(Path named, LogFile.Opener opener) {
    Path folder = named.toAbsolutePath().normalize();
    try {
      Files.createDirectories(folder);
      FolderLock lock = FolderLock.acquire(folder);
      boolean opened = false;
      try {
        if (!Files.isWritable(folder)) {
          throw new HdlException(
              ErrorCode.IO_FAILURE,
              "Cannot write the tracking log in %s: the folder is not writable. Change its owner or mode."
                  .formatted(folder));
        }
        Acks acks = Acks.open(folder.resolve(ACKS));
        LogScan scan = LogScan.repairing(folder, acks);
        Backlog backlog = new Backlog(scan.end(), scan.items(), acks.from(), scan.oldest());
        FileHashes hashes = FileHashes.in(folder);
        opened = true;
        return new OpenLog(folder, lock, acks, scan, backlog, hashes, opener);
      } finally {
        if (!opened) {
          lock.close();
        }
      }
    } catch (IOException e) {
      throw FileFailure.of("open the tracking log in", folder, e);
    }
  }

  /** Goes on behind everything that is there. */
  LogStore store(OutboxSettings settings, OutboxObserver observer) {
    return new LogStore(
        folder, scan.end(), scan.total(), settings, opener, acks::from, backlog, hashes, observer);
  }

  /** Removes everything but the lock. */
  void remove() throws IOException {
    for (Segment segment : Segment.in(folder)) {
      Files.delete(segment.file());
    }
    Files.deleteIfExists(folder.resolve(ACKS));
    DroppedSegments.remove(folder);
    hashes.remove();
    try (DirectoryStream<Path> rest = Files.newDirectoryStream(folder, ".hdl-*")) {
      for (Path temporary : rest) {
        Files.delete(temporary);
      }
    }
  }

  /** Lets others have it. */
  void close() {
    hashes.close();
    lock.close();
  }
}
