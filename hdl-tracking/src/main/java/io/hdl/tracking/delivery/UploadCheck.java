package io.hdl.tracking.delivery;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.hdl.tracking.outbox.FilePrint;
import io.hdl.tracking.outbox.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Tells whether a file is still what it was when a run reported it. */
final class UploadCheck {
  private UploadCheck() {}

  /** What people are told if the file has changed; empty if it has not, or cannot be read. */
  static Optional<String> changed(Item.Upload upload) {
    return upload
        .print()
        .filter(print -> differs(upload.file(), print))
        .map(
            print ->
                "The file %s has changed since it was reported as artifact \"%s\"; what it is now is sent. Report files that do not change any more."
                    .formatted(upload.file(), upload.name()));
  }

  private static boolean differs(Path file, FilePrint print) {
    try {
      if (Files.size(file) != print.bytes()) {
        return true;
      }
      if (print.sha256().isPresent()) {
        String now = MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
        return !now.equals(print.sha256().get());
      }
      return Files.getLastModifiedTime(file).toMillis() != print.modified();
    } catch (IOException e) {
      return false; // sending it comes upon the same failure
    }
  }
}
