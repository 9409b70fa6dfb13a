package io.hdl.tracking.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** A file on a disk that is full at times; then half of what is written arrives. */
final class FullDisk implements LogFile {
  private final LogFile file;
  private final AtomicBoolean full;

  FullDisk(Path path, AtomicBoolean full) throws IOException {
    this.file = LogFile.create(path);
    this.full = full;
  }

  @Override
  public void write(ByteBuffer bytes, long at) throws IOException {
    if (full.get()) {
      file.write(bytes.limit(bytes.limit() / 2), at);
      throw new IOException("No space left on device");
    }
    file.write(bytes, at);
  }

  @Override
  public void force() throws IOException {
    file.force();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
