package io.hdl.data.delta;

import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.utils.CloseableIterator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A local file for Delta Kernel to write. Folders are made on the way. */
final class LocalOutput implements OutputFile {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;

  LocalOutput(Path file) {
    this.file = file;
  }

  @Override
  public String path() {
    return file.toString();
  }

  @Override
  public PositionOutputStream create(boolean atomicWrite) throws IOException {
    createFolder();
    return atomicWrite
        ? new FileStream(LocalFileIO.draftOf(file), file)
        : new FileStream(file, file);
  }

  @Override
  public void writeAtomically(CloseableIterator<String> data, boolean overwrite)
      throws IOException {
    createFolder();
    Path draft = LocalFileIO.draftOf(file);
    try (data) {
      try (FileStream out = new FileStream(draft, draft)) {
        while (data.hasNext()) {
          out.write(data.next().getBytes(StandardCharsets.UTF_8));
          out.write('\n');
        }
      }
      LocalFileIO.publish(draft, file, overwrite);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private void createFolder() throws IOException {
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
  }

  /** Counts what is written, and on close forces it to the disk and gives it its name. */
  private static final class FileStream extends PositionOutputStream {
    private final Path written;
    private final Path target;
    private final FileChannel channel;
    private final OutputStream out;
    private long position;
    private boolean closed;

    FileStream(Path written, Path target) throws IOException {
      this.written = written;
      this.target = target;
      this.channel =
          FileChannel.open(
              written,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      position++;
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      out.write(b, off, len);
      position += len;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try (channel) {
        out.flush();
        channel.force(true);
      }
      if (!written.equals(target)) {
        LocalFileIO.publish(written, target, true);
      }
    }
  }
}
