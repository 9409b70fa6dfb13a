package io.hdl.data.delta;

import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A local file for Delta Kernel to read. */
final class LocalInput implements InputFile {
  private final Path file;
  private final long knownLength;

  /** A file whose length is known, or negative if it is not. */
  LocalInput(Path file, long knownLength) {
    this.file = file;
    this.knownLength = knownLength;
  }

  @Override
  public long length() throws IOException {
    return knownLength >= 0 ? knownLength : Files.size(file);
  }

  @Override
  public String path() {
    return file.toString();
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    try {
      CheckedFiles.check(file);
      return new ChannelStream(FileChannel.open(file, StandardOpenOption.READ));
    } catch (NoSuchFileException e) {
      FileNotFoundException notFound = new FileNotFoundException(file.toString());
      notFound.initCause(e);
      throw notFound;
    }
  }

  private static final class ChannelStream extends SeekableInputStream {
    private final FileChannel channel;

    ChannelStream(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public long getPos() throws IOException {
      return channel.position();
    }

    @Override
    public void seek(long newPos) throws IOException {
      channel.position(newPos);
    }

    @Override
    public void readFully(byte[] b, int off, int len) throws IOException {
      if (readNBytes(b, off, len) < len) {
        throw new EOFException("End of file before " + len + " bytes were read");
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      return len == 0 ? 0 : channel.read(ByteBuffer.wrap(b, off, len));
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
