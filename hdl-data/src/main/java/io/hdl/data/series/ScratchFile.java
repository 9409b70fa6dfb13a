package io.hdl.data.series;

import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Working memory in a file without a name: the operating system writes it out where memory is
 * short, and takes it back when the process ends, however it ends. Pages are written before they
 * are mapped, so that a full disk is an error here and not a fault in whoever uses the page.
 * Thread-safe. Closing it leaves the pages usable.
 */
final class ScratchFile implements PageSource, AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 22;

  private final Path path;
  private final FileChannel channel;
  private ByteBuffer chunk = ByteBuffer.allocate(0);

  private ScratchFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** A scratch file on the disk of a folder, which is there. */
  static ScratchFile in(Path folder) {
    try {
      Path path = Files.createTempFile(folder, ".hdl-scratch-", ".tmp");
      try {
        return new ScratchFile(
            path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw FileFailure.of("write a temporary file in", folder, e);
    }
  }

  @Override
  public synchronized ByteBuffer page(int bytes) {
    if (chunk.remaining() < bytes) {
      chunk = map(Math.max(bytes, CHUNK_BYTES));
    }
    ByteBuffer page = chunk.slice(chunk.position(), bytes).order(ByteOrder.nativeOrder());
    chunk.position(chunk.position() + bytes);
    return page;
  }

  private ByteBuffer map(int bytes) {
    try {
      long from = channel.size();
      FilledFile.extend(channel, from, bytes, 0);
      return channel.map(FileChannel.MapMode.READ_WRITE, from, bytes);
    } catch (IOException e) {
      throw FileFailure.of("write", path, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw FileFailure.of("close", path, e);
    }
  }
}
