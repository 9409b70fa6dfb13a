package io.hdl.tracking.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One file of the log, open for writing. */
interface LogFile extends AutoCloseable {
  /** Opens files; another one than the disk's stands in for a disk that fails. */
  @FunctionalInterface
  interface Opener {
    /** Creates a file that does not exist. */
    LogFile create(Path path) throws IOException;
  }

  /** Hands all bytes to the operating system, at a place of the file. */
  void write(ByteBuffer bytes, long at) throws IOException;

  /** Has the operating system bring everything to the disk. */
  void force() throws IOException;

  @Override
  void close() throws IOException;

  /** A file of the disk. */
  static LogFile create(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new LogFile() {
      @Override
      public void write(ByteBuffer bytes, long at) throws IOException {
        long to = at;
        while (bytes.hasRemaining()) {
          to += channel.write(bytes, to);
        }
      }

      @Override
      public void force() throws IOException {
        channel.force(false);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }
}
