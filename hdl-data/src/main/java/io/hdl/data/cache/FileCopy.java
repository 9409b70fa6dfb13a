package io.hdl.data.cache;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Reads whole files through a buffer, with their checksum; never maps them. */
final class FileCopy {
  private static final int BUFFER = 1 << 20;

  private FileCopy() {}

  /**
   * What was read.
   *
   * @param bytes its length
   * @param crc32c its checksum
   */
  record Sum(long bytes, long crc32c) {}

  /** Length and checksum of a file. */
  static Sum sum(Path file, Runnable checkpoint) throws IOException {
    return copy(file, OutputStream.nullOutputStream(), checkpoint);
  }

  /** Copies a file over another one. */
  static Sum copy(Path from, Path to, Runnable checkpoint) throws IOException {
    try (OutputStream out = new FileOutputStream(to.toFile())) {
      return copy(from, out, checkpoint);
    }
  }

  // Streams instead of channels, which an interrupt would close: that would look like a bad disk.
  private static Sum copy(Path from, OutputStream out, Runnable checkpoint) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] buffer = new byte[BUFFER];
    long bytes = 0;
    try (InputStream in = new FileInputStream(from.toFile())) {
      for (int read; (read = in.read(buffer)) >= 0; bytes += read) {
        crc.update(buffer, 0, read);
        out.write(buffer, 0, read);
        checkpoint.run();
      }
    }
    return new Sum(bytes, crc.getValue());
  }
}
